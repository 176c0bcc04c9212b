import type { OrderTender } from '$lib/order/order';

/** Which dialog of the sell screen is open: at most one, and its code is loaded only then. */
export type SellDialog =
  | { readonly kind: 'item' }
  | { readonly kind: 'discount'; readonly line: { readonly lineId: string; readonly name: string } | null }
  | { readonly kind: 'receipt'; readonly orderId: string }
  | { readonly kind: 'give_back'; readonly tender: OrderTender }
  | { readonly kind: 'manager' }
  | { readonly kind: 'drawer' };

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
  /** A part that was taken, before all is paid. */
  giveBack(tender: OrderTender): void {
    this.#open = { kind: 'give_back', tender };
  }
  /** Cash while the wallet has not answered. */
  askManager(): void {
    this.#open = { kind: 'manager' };
  }
  openDrawer(): void {
    this.#open = { kind: 'drawer' };
  }
  close(): void {
    this.#open = null;
  }
}
