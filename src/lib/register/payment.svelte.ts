/**
 * One attempt's life on the register.
 *
 *   writing ──journaled──> sending ──answered──> watching ──an end──> ended
 *      │                      ├──refused──────────────────────────────> ended
 *      │                      └──no answer, or Till can't──> watching ──unknown there──> shutting ──void──> ended
 *      └──can't be written: nothing was sent ─────────────────────────> ended
 *
 * Its request leaves once. Whatever happens then, only the server's word ends it (money rule 3). While it is watched the
 * stream of changes tells when there is news; without one the server is asked, and holds the question back until then.
 * One that ended without money is still listened for: should its money come late, the register says so.
 */
import type { AttemptRecord, AttemptSeen } from '$lib/journal/entries';
import { isOpen } from '$lib/payment/states';
import type { Problem } from '$lib/wire/problems';
import { saysNo, type ApiFailure, type ApiResult, type Attempt } from './api';
import { endedView, isRefusal, isUnknownThere, refusedSeen, seenOf } from './attempt-seen';
import type { News } from './change-stream';
import type { PaymentOrder } from './payment-order';
import type { PaymentListener, PaymentParts } from './payment-parts';
import { endState, screenOf, type LocalEnd, type PaymentFacts, type PaymentScreen } from './payment-screen';
import { delay, isoNow } from './ports';
import { pauseAfter, tellStop } from './tell-stop';

/** How long the server may hold a question back until there is news, where no stream tells. */
const waitMs = 25_000;
/** And how long nothing is asked where one does: a message may be lost on the way. */
const toldMs = 10_000;
const tickMs = 200;

export class Payment {
  readonly attemptId: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly codeLast4: string;

  readonly #parts: PaymentParts;
  readonly #startedAtMs: number | null;
  readonly #gone = new AbortController();
  readonly #listener: PaymentListener;
  readonly #unsubscribe: () => void;
  #pause = new AbortController();
  /** Ends a question that the server holds back. */
  #held = new AbortController();
  /** The stream told of something since the last question was asked. */
  #due = false;
  #stopTick: () => void = () => undefined;

  #view = $state.raw<Attempt | null>(null);
  #viewAtMs = $state(0);
  #localEnd = $state.raw<LocalEnd | null>(null);
  #offline = $state(false);
  #failing = $state(false);
  #unsaved = $state(false);
  #stopAsked = $state(false);
  #timeUp = $state(false);
  #kept = $state(false);
  #paidOtherwise = $state(false);
  #lookingAgain = $state(false);
  #nowMs = $state(0);

  private constructor(
    parts: PaymentParts,
    listener: PaymentListener,
    of: Omit<PaymentOrder, 'events' | 'revision'> & {
      readonly attemptId: string;
      readonly codeLast4: string;
      readonly startedAtMs: number | null;
    }
  ) {
    this.#parts = parts;
    this.#listener = listener;
    this.attemptId = of.attemptId;
    this.orderId = of.orderId;
    this.orderNumber = of.orderNumber;
    this.amountMinor = of.amountMinor;
    this.currency = of.currency;
    this.codeLast4 = of.codeLast4;
    this.#startedAtMs = of.startedAtMs;
    this.#nowMs = parts.clock.monotonic();
    this.#unsubscribe = parts.changes.subscribe((news) => this.#hearNews(news));
    this.#tick();
  }

  /**
   * Asks for the money: journals the intent, sends it once, then watches it until its end.
   *
   * @param paymentCode a secret; it lives in this call only
   */
  static begin({
    parts,
    order,
    paymentCode,
    listener
  }: {
    readonly parts: PaymentParts;
    readonly order: PaymentOrder;
    readonly paymentCode: string;
    readonly listener: PaymentListener;
  }): Payment {
    const payment = new Payment(parts, listener, {
      ...order,
      attemptId: parts.newId(),
      codeLast4: paymentCode.slice(-4),
      startedAtMs: parts.clock.monotonic()
    });
    void payment.#send(order, paymentCode);
    return payment;
  }

  /**
   * An attempt from before a reload. One whose end this register never saw is asked for, never sent again; one that ended
   * without money is listened for.
   */
  static recover({
    parts,
    record,
    listener
  }: {
    readonly parts: PaymentParts;
    readonly record: Pick<AttemptRecord, 'requested'> & Partial<AttemptRecord>;
    readonly listener: PaymentListener;
  }): Payment {
    const payment = new Payment(parts, listener, { ...record.requested, startedAtMs: null });
    payment.#view = endedView(record);
    if (payment.isOpen) void payment.#watch();
    else payment.#rests();
    return payment;
  }

  /** The server's last word; null before its first. */
  get view(): Attempt | null {
    return this.#view;
  }

  /** True until an end is proven. */
  get isOpen(): boolean {
    return this.#localEnd === null && (this.#view === null || isOpen(this.#view.state));
  }

  /** True while nothing else may be asked for this order: until the end, or until a manager set the payment aside. */
  get holdsOrder(): boolean {
    return this.isOpen && this.#view?.setAside !== true;
  }

  /** True where its order goes on without it. */
  get paidOtherwise(): boolean {
    return this.#paidOtherwise;
  }

  /** True where the money is in: the order is closed. */
  get isPaid(): boolean {
    const { state } = this.screen;
    return state === 'paid' || state === 'paid_after_all' || state === 'already_paid';
  }

  /** True where money came, in time or late: nothing is asked for its order again. */
  get hasMoney(): boolean {
    return this.isPaid || this.screen.state === 'late';
  }

  /** What the stage shows of it. */
  get screen(): PaymentScreen {
    const facts: PaymentFacts = {
      attemptId: this.attemptId,
      orderNumber: this.orderNumber,
      amountMinor: this.amountMinor,
      currency: this.currency,
      codeLast4: this.codeLast4,
      startedAtMs: this.#startedAtMs,
      nowMs: this.#nowMs,
      view: this.#view,
      viewAtMs: this.#viewAtMs,
      localEnd: this.#localEnd,
      offline: this.#offline,
      failing: this.#failing,
      unsaved: this.#unsaved,
      stopAsked: this.#stopAsked,
      timeUp: this.#timeUp,
      kept: this.#kept,
      paidOtherwise: this.#paidOtherwise,
      lookingAgain: this.#lookingAgain,
      endedAt: this.#view?.endedAt ?? isoNow(this.#parts.clock)
    };
    return screenOf(facts);
  }

  /** "Stop payment": shown at once, carried out by the server when it may. Repeated until the server has heard it. */
  stop(): void {
    if (!this.isOpen || this.#stopAsked) return;
    this.#stopAsked = true;
    void this.#sendStop();
  }

  /** "Ask now": makes the next question due at once. */
  askNow(): void {
    if (!this.isOpen) {
      void this.#lookAgain();
      return;
    }
    void this.#parts.api.askPayment(this.attemptId).then((answer) => {
      if (answer.ok && answer.value !== null) this.#take(answer.value);
    });
  }

  /** The network came or went: whether Till can be reached is found out now, not at the next question. */
  lookAtOnce(): void {
    this.#due = true;
    this.#pause.abort();
    this.#held.abort();
  }

  /** "Keep" at "Paid after all". */
  keep(): void {
    this.#kept = true;
  }

  /** It was set aside, and its order goes on without it: should its money come, a manager decides. */
  payOtherwise(): void {
    this.#paidOtherwise = true;
  }

  /** The page goes: nothing is asked any more. The attempt itself goes on at the server. */
  leave(): void {
    this.#gone.abort();
    this.#pause.abort();
    this.#stopTick();
    this.#unsubscribe();
  }

  async #send(order: PaymentOrder, paymentCode: string): Promise<void> {
    const { api, journal } = this.#parts;
    const requested = {
      attemptId: this.attemptId,
      orderId: order.orderId,
      orderNumber: order.orderNumber,
      revision: order.revision,
      amountMinor: order.amountMinor,
      currency: order.currency,
      codeLast4: this.codeLast4
    };
    const written = await journal.append(
      [{ kind: 'attempt_requested', orderId: order.orderId, body: requested }],
      { strict: true }
    );
    if (!written.ok) {
      this.#endHere({ kind: 'journal_failed' });
      return;
    }
    const answer = await api.requestPayment({
      attemptId: this.attemptId,
      orderId: order.orderId,
      revision: order.revision,
      amountMinor: order.amountMinor,
      currency: order.currency,
      paymentCode,
      events: [...order.events]
    });
    this.#hear(answer);
    if (answer.ok) this.#take(answer.value);
    else if (isRefusal(answer)) await this.#endRefused(answer.problem);
    else this.#unsaved = answer.problem?.code === 'storage_failed';
    await this.#watch();
  }

  async #watch(): Promise<void> {
    const { api, changes } = this.#parts;
    let silences = 0;
    while (this.isOpen && !this.#gone.signal.aborted) {
      if (this.#view !== null && changes.live && !this.#due) await this.#rest(toldMs);
      if (this.#gone.signal.aborted || !this.isOpen) return;
      const known = this.#view;
      this.#due = false;
      this.#held = new AbortController();
      const { signal: cut } = this.#held;
      const answer = await api.payment(this.attemptId, {
        ...(known === null || changes.live ? {} : { after: known.version, waitMs }),
        signal: AbortSignal.any([this.#gone.signal, cut])
      });
      if (this.#gone.signal.aborted || !this.isOpen) return;
      // the stream is there: it tells from now on, so nothing is held back any more
      if (cut.aborted && !answer.ok) continue;
      this.#hear(answer);
      if (answer.ok) {
        silences = 0;
        const news = known === null || answer.value.version > known.version;
        this.#take(answer.value);
        // a server that does not hold the question back must not be asked in a tight loop
        if (!news && !changes.live) await this.#rest(pauseAfter(0));
        continue;
      }
      if (known === null && isUnknownThere(answer) && (await this.#shut())) return;
      await this.#rest(pauseAfter(silences));
      silences += 1;
      this.#due = true;
    }
  }

  #hearNews(news: News): void {
    if (news.kind === 'change') {
      const { kind, id, version } = news.change;
      if (kind !== 'attempt' || id !== this.attemptId) return;
      if (this.#view !== null && version !== null && version <= this.#view.version) return;
    }
    if (this.isOpen) {
      this.#due = true;
      this.#pause.abort();
      if (news.kind === 'everything') this.#held.abort();
    } else if (news.kind !== 'lost') {
      void this.#askForLateMoney();
    }
  }

  /** It ended without money, and something changed at the server since. */
  async #askForLateMoney(): Promise<void> {
    const known = this.#view;
    if (known === null || this.hasMoney) return;
    this.#takeLate(await this.#parts.api.payment(this.attemptId, { signal: this.#gone.signal }));
  }

  /** It ended without money, and somebody wants to be sure. */
  async #lookAgain(): Promise<void> {
    const known = this.#view;
    if (known?.state !== 'failed' || this.#lookingAgain) return;
    this.#lookingAgain = true;
    const { api } = this.#parts;
    const asked = await api.askPayment(this.attemptId);
    if (asked.ok) {
      // the wish itself is a version of its own: what counts comes after it
      const after = asked.value?.version ?? known.version;
      const { signal } = this.#gone;
      this.#takeLate(await api.payment(this.attemptId, { after, waitMs, signal }));
    }
    this.#lookingAgain = false;
  }

  #takeLate(answer: ApiResult<Attempt>): void {
    if (!answer.ok || answer.value.version <= (this.#view?.version ?? 0)) return;
    const { value: view } = answer;
    this.#view = view;
    if (endState(view) !== 'late' && endState(view) !== 'paid') return;
    void this.#journalEnd(seenOf(view));
    this.#listener.onLate(this);
  }

  /** Unknown there, but perhaps still on its way: only "void" lets the order go. @returns true when it ended. */
  async #shut(): Promise<boolean> {
    const answer = await this.#parts.api.voidPayment({ attemptId: this.attemptId, orderId: this.orderId });
    this.#hear(answer);
    if (answer.ok) this.#take(answer.value);
    return !this.isOpen;
  }

  async #sendStop(): Promise<void> {
    const { api, clock } = this.#parts;
    const { attemptId } = this;
    const { signal } = this.#gone;
    const view = await tellStop({ api, clock, attemptId, wanted: () => this.isOpen, signal });
    if (view !== null) this.#take(view);
  }

  #take(view: Attempt): void {
    // answers may overtake each other: an older word never covers a newer one
    if (!this.isOpen || (this.#view !== null && view.version < this.#view.version)) return;
    const held = this.holdsOrder;
    this.#view = view;
    this.#viewAtMs = this.#parts.clock.monotonic();
    this.#nowMs = this.#viewAtMs;
    if (view.stopInMs !== null && !this.#stopAsked) {
      this.#stopAsked = true;
      // one that was found again may have been stopped by a press before
      this.#timeUp = view.state === 'cancelling' && this.#startedAtMs !== null;
    }
    this.#parts.onHeard({ till: true, wallet: view.gatewayReachable });
    if (isOpen(view.state)) {
      if (held && !this.holdsOrder) this.#listener.onSetAside(this);
      return;
    }
    void this.#journalEnd(seenOf(view));
    this.#finish();
  }

  #hear(answer: { readonly ok: true } | ApiFailure): void {
    this.#offline = !answer.ok && answer.problem === null;
    this.#failing = !answer.ok && !this.#offline && !saysNo(answer);
    // whether a Till that fails can be used at all is found out where it is asked who is here
    if (!this.#failing) this.#parts.onHeard({ till: !this.#offline, wallet: null });
  }

  #endHere(end: LocalEnd): void {
    this.#localEnd = end;
    this.#finish();
  }

  async #endRefused(problem: Problem): Promise<void> {
    await this.#journalEnd(refusedSeen(this.attemptId, problem));
    this.#endHere({ kind: 'refused', problem });
  }

  /** Not written? Then it is asked for again at the next start, and the server says the same. */
  async #journalEnd(seen: AttemptSeen): Promise<void> {
    await this.#parts.journal.append([{ kind: 'attempt_seen', orderId: this.orderId, body: seen }], {
      strict: true
    });
  }

  #finish(): void {
    this.#rests();
    this.#listener.onEnded(this);
  }

  #rests(): void {
    this.#stopTick();
    this.#pause.abort();
    // money that came stays; where nothing was made of the request, nothing can come late
    if (this.isPaid || this.#view === null) this.#unsubscribe();
  }

  async #rest(ms: number): Promise<void> {
    this.#pause = new AbortController();
    await delay({
      clock: this.#parts.clock,
      ms,
      signal: AbortSignal.any([this.#gone.signal, this.#pause.signal])
    });
  }

  #tick(): void {
    this.#stopTick = this.#parts.clock.after(tickMs, () => {
      this.#nowMs = this.#parts.clock.monotonic();
      this.#tick();
    });
  }
}
