/** Which age the shopper must have for what is on the order, and whether somebody has looked. */
import { openLines, type Order } from '$lib/order/order';
import type { CatalogueProduct } from './ports';

/** What is to be asked: once per order, and again only where something asks for more years. */
export interface AgeQuestion {
  readonly age: number;
  /** The lines that need it, oldest first. */
  readonly lines: readonly { readonly lineId: string; readonly name: string }[];
}

/** @returns null where nothing needs an age, or somebody has said that the shopper has it */
export function ageQuestion({
  order,
  productById
}: {
  readonly order: Order | null;
  readonly productById: (id: string) => Pick<CatalogueProduct, 'minimumAge'> | null;
}): AgeQuestion | null {
  if (order === null) return null;
  const needing = openLines(order).flatMap(({ lineId, name, productId }) => {
    const age = productId === null ? null : (productById(productId)?.minimumAge ?? null);
    return age === null || age <= order.confirmedAge ? [] : [{ lineId, name, age }];
  });
  if (needing.length === 0) return null;
  return {
    age: Math.max(...needing.map(({ age }) => age)),
    lines: needing.map(({ lineId, name }) => ({ lineId, name }))
  };
}
