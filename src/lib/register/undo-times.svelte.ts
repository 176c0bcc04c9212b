/** What can still be undone on the counter, and for how long. It counts down while there is something. */
import type { OrderEvent } from '$lib/order/events';
import type { Order } from '$lib/order/order';
import type { Moments, RedRow, TakenBack } from './order-rows';
import type { Clock } from './ports';

/** How long a removed line, or what was taken back, can be put back. */
export const removeUndoMs = 8000;
/** How long a cleared order can be put back by one tap; later it stands under Parked. */
export const clearUndoMs = 10_000;
const tickMs = 250;

export interface ClearedOrder {
  readonly order: Order;
  readonly events: readonly OrderEvent[];
  /** They are in no event. */
  readonly redRows: readonly RedRow[];
}

export class UndoTimes {
  readonly #clock: Clock;
  #stopTimer: () => void = () => undefined;
  #nowMs = $state(0);
  #removedAt = $state.raw<Moments>({});
  #takenBack = $state.raw<(Omit<TakenBack, 'leftMs'> & { readonly atMs: number }) | null>(null);
  #cleared = $state.raw<(ClearedOrder & { readonly atMs: number }) | null>(null);

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nowMs = clock.monotonic();
  }

  /** Null where the line can't be put back (any more). */
  removedLeftMs(lineId: string): number | null {
    const atMs = this.#removedAt[lineId];
    return atMs === undefined ? null : this.#leftMs(atMs, removeUndoMs);
  }
  get takenBack(): TakenBack | null {
    const back = this.#takenBack;
    return back === null ? null : { ...back, leftMs: this.#leftMs(back.atMs, removeUndoMs) };
  }
  get cleared(): ClearedOrder | null {
    return this.#cleared;
  }
  get clearedLeftMs(): number | null {
    return this.#cleared === null ? null : this.#leftMs(this.#cleared.atMs, clearUndoMs);
  }

  removed(lineId: string): void {
    this.#removedAt = { ...this.#removedAt, [lineId]: this.#begin() };
  }
  restored(lineId: string): void {
    this.#keepRemoved((known) => known !== lineId);
  }
  tookBack(what: Pick<TakenBack, 'lineId' | 'quantity'>): void {
    this.#takenBack = { ...what, atMs: this.#begin() };
  }
  forgetTakenBack(): void {
    this.#takenBack = null;
  }
  wasCleared(what: ClearedOrder): void {
    this.#cleared = { ...what, atMs: this.#begin() };
  }
  forgetCleared(): void {
    this.#cleared = null;
  }
  /** Nothing can be undone any more. */
  reset(): void {
    this.#stopTimer();
    this.#removedAt = {};
    this.#takenBack = null;
    this.#cleared = null;
  }

  #leftMs(atMs: number, ofMs: number): number {
    return Math.max(0, ofMs - (this.#nowMs - atMs));
  }

  #keepRemoved(keep: (lineId: string, atMs: number) => boolean): void {
    this.#removedAt = Object.fromEntries(
      Object.entries(this.#removedAt).filter(([lineId, atMs]) => keep(lineId, atMs))
    );
  }

  #begin(): number {
    this.#nowMs = this.#clock.monotonic();
    this.#countDown();
    return this.#nowMs;
  }

  #countDown(): void {
    this.#stopTimer();
    this.#stopTimer = this.#clock.after(tickMs, () => {
      this.#nowMs = this.#clock.monotonic();
      this.#keepRemoved((_, atMs) => this.#leftMs(atMs, removeUndoMs) > 0);
      if (this.takenBack?.leftMs === 0) this.#takenBack = null;
      if (this.clearedLeftMs === 0) this.#cleared = null;
      const counting = Object.keys(this.#removedAt).length > 0 || this.#takenBack !== null;
      if (counting || this.#cleared !== null) this.#countDown();
    });
  }
}
