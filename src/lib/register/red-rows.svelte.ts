/** Codes on an order that nobody knows, each waiting for a person. None of them gets into the order's events. */
import type { RedRow } from './order-rows';
import type { OrderParts } from './order-parts';

export class RedRows {
  readonly #newId: OrderParts['newId'];
  readonly #onChange: OrderParts['onRedRows'];
  #rows = $state.raw<readonly RedRow[]>([]);
  #failed = $state(false);

  constructor({ newId, onRedRows }: Pick<OrderParts, 'newId' | 'onRedRows'>) {
    this.#newId = newId;
    this.#onChange = onRedRows;
  }

  get list(): readonly RedRow[] {
    return this.#rows;
  }
  /** True while they could not be written down. */
  get failed(): boolean {
    return this.#failed;
  }
  byId(rowId: string): RedRow | null {
    return this.#rows.find((row) => row.rowId === rowId) ?? null;
  }

  /** @param text empty where it must not be shown. @returns the row's id */
  add(text: string): string {
    // two codes without a text may be different goods: each is sorted out by itself
    const again = text === '' ? undefined : this.#rows.find((row) => row.text === text);
    const row = again ?? { rowId: this.#newId(), text, count: 0 };
    this.put([...this.#rows.filter((known) => known !== again), { ...row, count: row.count + 1 }]);
    return row.rowId;
  }
  remove(rowId: string): void {
    this.put(this.#rows.filter((row) => row.rowId !== rowId));
  }
  /** These and no others. */
  put(rows: readonly RedRow[]): void {
    if (rows.length === 0 && this.#rows.length === 0) return;
    this.#rows = rows;
    void this.#onChange().then((written) => {
      this.#failed = !written;
    });
  }
}
