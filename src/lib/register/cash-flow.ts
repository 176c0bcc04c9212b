/** Cash and other machines' cards on the stage: when they may be taken, and what follows. */
import type { CashDesk, CashScreen, TakeResult } from './cash-desk.svelte';
import type { Stage } from './counter-parts';
import type { CurrentOrder } from './current-order.svelte';

/** What of the counter it needs. */
export interface CashCounter {
  readonly desk: CashDesk;
  readonly stage: () => Stage | null;
  readonly order: () => CurrentOrder;
  readonly isWaiting: () => boolean;
  readonly isPaid: () => boolean;
  /** False: the server does not know who stands here, and cash is all that is taken. */
  readonly isProven: () => boolean;
  /** The stage shows no payment any more; one that is still open goes on in the tray. */
  readonly clearStage: (stage: Stage) => void;
  readonly sayNotSaved: () => void;
  /** A part was taken: whatever else is open for this order no longer holds it. */
  readonly onPart: (order: CurrentOrder) => void;
  /** All of it was taken. */
  readonly onSold: (order: CurrentOrder) => void;
}

export class CashFlow {
  readonly #counter: CashCounter;
  /** What is being written down, with all that follows of it. */
  #pending: Promise<unknown> | null = null;

  constructor(counter: CashCounter) {
    this.#counter = counter;
  }

  /** Null while the wallet is asked, or something is said beside it. */
  get screen(): CashScreen | null {
    const stage = this.#counter.stage();
    return stage === null || stage.notice !== null ? null : this.#counter.desk.screen;
  }
  /** True while somebody counts cash. */
  get isOpen(): boolean {
    return this.#counter.desk.screen?.state === 'amount';
  }

  /** "Cash": possible wherever no payment holds the order and nothing was paid. */
  open(): void {
    const { desk, isWaiting, isPaid } = this.#counter;
    const stage = this.#counter.stage();
    if (stage === null || isWaiting() || isPaid() || stage.order.chargeBlock !== null) return;
    this.#counter.clearStage(stage);
    desk.open(stage.order);
  }
  /** Back to the wallet. @returns false where it was not open */
  close(): boolean {
    const { desk } = this.#counter;
    if (!this.isOpen || desk.isBusy) return false;
    desk.close();
    return true;
  }
  /** @param givenMinor less than what is left is a part of it */
  async takeCash(givenMinor: number): Promise<void> {
    await this.#take((desk) => desk.takeCash(givenMinor));
  }
  async takeCard(name: string): Promise<void> {
    if (this.#counter.isProven()) await this.#take((desk) => desk.takeCard(name));
  }
  /** Does at once what comes of other money; where cash is being written down, when that is over: only then it is known. */
  afterwards(act: () => void): void {
    if (this.#pending === null) act();
    else void this.#pending.then(act);
  }
  /**
   * Gives a part that was taken back to the shopper, before all is paid. Nothing at a second press meanwhile.
   *
   * @returns false where it was not written down: then nothing goes back
   */
  async giveBack(tender: { readonly tenderId: string; readonly why: string }): Promise<boolean> {
    const { desk, order, isWaiting, isPaid } = this.#counter;
    if (isWaiting() || isPaid()) return false;
    return this.#alone(() => desk.giveBack(order(), tender));
  }

  /**
   * For the order that stands there now, whatever happens until it is written. Nothing where the order can't be charged, and
   * nothing at a second press meanwhile.
   */
  async #take(take: (desk: CashDesk) => Promise<TakeResult>): Promise<void> {
    const { desk, onPart, onSold, sayNotSaved } = this.#counter;
    const order = this.#counter.stage()?.order;
    if (order === undefined || !this.isOpen || desk.isBusy || order.chargeBlock !== null) return;
    await this.#alone(async () => {
      const result = await take(desk);
      if (result === 'failed') sayNotSaved();
      else if (result === 'part') onPart(order);
      else onSold(order);
    });
  }
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const pending = work().finally(() => {
      this.#pending = null;
    });
    this.#pending = pending;
    return pending;
  }
}
