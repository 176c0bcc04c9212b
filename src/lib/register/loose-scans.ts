/**
 * Keeps what was scanned and stands in no order's events yet: red rows, which block charging, and goods held for the next
 * order. Written down at every change; after a reload, a crash or a take-over each comes back to where it belongs.
 */
import type { Journal } from '$lib/journal/journal';
import type { Kept } from '$lib/journal/kept';
import { foldOrder, openLines } from '$lib/order/order';
import type { Counter } from './counter.svelte';
import { heldToKeep, readLooseRecord, redRowsToKeep, type LooseRecord } from './loose-record';
import type { CatalogueProduct } from './ports';

export interface LooseScansParts {
  readonly kept: Pick<Kept, 'read' | 'change'>;
  readonly journal: Pick<Journal, 'registerId' | 'epoch' | 'term' | 'order' | 'settled'>;
  readonly counter: Pick<Counter, 'selling' | 'held' | 'mode' | 'addHeld'>;
  readonly productById: (id: string) => CatalogueProduct | null;
}

export class LooseScans {
  readonly #parts: LooseScansParts;
  /** What is on the disk is read before anything is written over it. */
  #isRead = false;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(parts: LooseScansParts) {
    this.#parts = parts;
  }

  /** Brings back what was kept, once the orders of before stand where they belong. @throws JournalUnavailable */
  async recover(): Promise<void> {
    const { kept, journal, counter } = this.#parts;
    const record = readLooseRecord(await kept.read('looseScans'));
    const isOurs = record?.registerId === journal.registerId;
    const isOver = isOurs && (await this.#isOver(record.orderId));
    this.#isRead = true;
    if (!isOurs) return;
    if (!isOver) this.#bringRedRows(record);
    this.#bringHeld(record);
    // their payment was over: whoever stands here bought them
    if (counter.mode === 'selling' && counter.selling.rows.length === 0) counter.addHeld();
  }

  /**
   * Writes down what there is now. What can't be written stays in sight, and the next change tries again.
   *
   * @returns false where it could not be written
   */
  keep(): Promise<boolean> {
    const written = this.#writing.then(() => this.#write()).catch(() => false);
    this.#writing = written;
    return written;
  }

  /** Parked, cleared or sold: its red rows were dealt with. One that has not begun, or has no line yet, is not over. */
  async #isOver(orderId: string): Promise<boolean> {
    const { journal, counter } = this.#parts;
    if (counter.selling.order?.orderId === orderId) return false;
    const record = await journal.order(orderId);
    if (record === undefined) return false;
    const folded = foldOrder(record.events);
    if (!folded.ok) return true;
    const { order } = folded;
    return order.parked || order.cleared || openLines(order).length > 0;
  }

  #bringRedRows({ orderId, redRows }: LooseRecord): void {
    const { selling, held } = this.#parts.counter;
    if (redRows.length === 0) return;
    if (selling.order === null || selling.order.orderId === orderId) {
      selling.takeUpRedRows(redRows);
      return;
    }
    // another order came back to the counter: they are the next customer's
    held.holdRows(redRows);
  }

  #bringHeld({ held: goods }: LooseRecord): void {
    const { counter, productById } = this.#parts;
    for (const one of goods) {
      const product = one.kind === 'product' ? productById(one.productId) : null;
      if (one.kind === 'unknown_code') counter.held.hold(one);
      // a product that the shop has no more: somebody says what it was
      else if (product === null) counter.held.hold({ kind: 'unknown_code', text: '' });
      else counter.held.hold({ kind: 'product', product, measure: one.measure });
    }
  }

  async #write(): Promise<boolean> {
    if (!this.#isRead) return true;
    const { kept, journal, counter } = this.#parts;
    const { registerId, epoch, term } = journal;
    const { orderId, redRows } = counter.selling;
    const now: LooseRecord = {
      registerId,
      epoch,
      term,
      orderId,
      redRows: redRowsToKeep(redRows),
      held: heldToKeep(counter.held.goods)
    };
    // what became a line is in the journal before it is forgotten here
    if (!(await counter.selling.save())) return false;
    await journal.settled();
    await kept.change('looseScans', (before) => (isNewer(readLooseRecord(before), now) ? before : now));
    return true;
  }
}

/** Another tab writes since. */
function isNewer(before: LooseRecord | null, now: LooseRecord): boolean {
  if (before?.registerId !== now.registerId) return false;
  return before.epoch > now.epoch || (before.epoch === now.epoch && before.term > now.term);
}
