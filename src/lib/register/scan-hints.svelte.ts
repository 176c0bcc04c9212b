/** What a scan left to say, each for some seconds: never money's state, only a hint. */
import type { ScanMatch } from '$lib/catalogue/lookup';
import type { ChargeBlock } from './order-parts';
import type { Clock } from './ports';
import type { SellNotice } from './scan-router';

/** An order whose receipt was scanned. `orderId` null: this till's journal does not know it. */
export interface ScannedOrder {
  readonly number: string;
  readonly orderId: string | null;
}

const noticeMs = 5000;
const scannedOrderMs = 15_000;
/** The chip "Read twice? +1" stays this long. */
export const readTwiceShownMs = 3000;

const blockNotices: Partial<Record<ChargeBlock, SellNotice>> = {
  red_row: 'red_row_first',
  age: 'age_first',
  asking: 'asking_first',
  empty: 'nothing_left'
};

export class ScanHints {
  readonly #notice;
  readonly #scannedOrder;
  readonly #readTwice;

  constructor(clock: Clock) {
    this.#notice = new Passing<SellNotice>(clock, noticeMs);
    this.#scannedOrder = new Passing<ScannedOrder>(clock, scannedOrderMs);
    this.#readTwice = new Passing<ScanMatch>(clock, readTwiceShownMs);
  }

  get notice(): SellNotice | null {
    return this.#notice.value;
  }
  get scannedOrder(): ScannedOrder | null {
    return this.#scannedOrder.value;
  }
  /** What a scanner on a stand, or a camera, may have read twice. */
  get readTwice(): ScanMatch | null {
    return this.#readTwice.value;
  }

  say(notice: SellNotice): void {
    this.#notice.show(notice);
  }
  /** Why the order can't be paid now, where the screen does not say it by itself. */
  sayBlock(block: ChargeBlock | null): void {
    const notice = block === null ? undefined : blockNotices[block];
    if (notice !== undefined) this.say(notice);
  }
  found(order: ScannedOrder): void {
    this.#scannedOrder.show(order);
  }
  mayHaveReadTwice(found: ScanMatch): void {
    this.#readTwice.show(found);
  }
  /** "+1": there were two. @returns of what */
  takeReadTwice(): ScanMatch | null {
    const found = this.#readTwice.value;
    this.#readTwice.forget();
    return found;
  }
  /** Somebody goes on: what the scan before said is over. */
  goOn(): void {
    this.#notice.forget();
    this.#scannedOrder.forget();
  }
  forgetAll(): void {
    this.goOn();
    this.#readTwice.forget();
  }
}

/** A value that goes by itself. */
class Passing<Value> {
  readonly #clock: Clock;
  readonly #ms: number;
  #value = $state.raw<Value | null>(null);
  #stop: () => void = () => undefined;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }
  get value(): Value | null {
    return this.#value;
  }
  show(value: Value): void {
    this.forget();
    this.#value = value;
    this.#stop = this.#clock.after(this.#ms, () => {
      this.#value = null;
    });
  }
  forget(): void {
    this.#stop();
    this.#value = null;
  }
}
