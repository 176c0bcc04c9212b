/** Which dialog of the sell screen is open: at most one, and its code is loaded only then. */
export type SellDialog =
  | { readonly kind: 'item' }
  | { readonly kind: 'discount'; readonly line: { readonly lineId: string; readonly name: string } | null }
  | { readonly kind: 'receipt'; readonly orderId: string };

export class SellDialogs {
  #open = $state<SellDialog | null>(null);

  get open(): SellDialog | null {
    return this.#open;
  }
  otherItem(): void {
    this.#open = { kind: 'item' };
  }
  /** Null: on the whole order. */
  discountOn(line: { readonly lineId: string; readonly name: string } | null): void {
    this.#open = { kind: 'discount', line };
  }
  showReceipt(orderId: string): void {
    this.#open = { kind: 'receipt', orderId };
  }
  close(): void {
    this.#open = null;
  }
}
