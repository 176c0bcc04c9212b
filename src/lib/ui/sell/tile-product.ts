/** What a tile needs to know of a product. */
export interface TileProduct {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly soldOut: boolean;
}
