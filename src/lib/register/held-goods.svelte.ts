/** Goods scanned while a shopper pays: they belong to nobody yet, and never get lost in silence. */
import type { Held } from './counter-parts';
import type { CurrentOrder } from './current-order.svelte';
import type { RedRow } from './order-rows';

export class HeldGoods {
  readonly #onChange: () => void;
  #goods = $state.raw<readonly Held[]>([]);

  /** @param onChange they are kept for a reload */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Kept until it stands in an order, or somebody says "not bought". */
  get goods(): readonly Held[] {
    return this.#goods;
  }
  hold(held: Held): void {
    this.#put([...this.#goods, held]);
  }
  /** Red rows whose order makes room. */
  holdRows(rows: readonly RedRow[]): void {
    const pieces = rows.flatMap(({ text, count }) => Array.from({ length: count }, () => text));
    this.#put([...this.#goods, ...pieces.map((text) => ({ kind: 'unknown_code' as const, text }))]);
  }
  /** "No, not bought". */
  drop(): void {
    this.#put([]);
  }
  /** Puts them on an order. What it can't take stays held. */
  moveTo(order: CurrentOrder): void {
    if (order.locked) return;
    this.#put(
      this.#goods.filter((held) => {
        if (held.kind === 'product') return !order.addScanned(held);
        order.addUnknown(held.text);
        return false;
      })
    );
  }

  #put(goods: readonly Held[]): void {
    if (goods.length === this.#goods.length) return;
    this.#goods = goods;
    this.#onChange();
  }
}
