/**
 * One attempt's life on the register.
 *
 *   writing ──journaled──> sending ──answered──> watching ──an end──> ended
 *      │                      ├──refused──────────────────────────────> ended
 *      │                      └──no answer──> watching ──unknown there──> shutting ──void──> ended
 *      └──can't be written: nothing was sent ─────────────────────────> ended
 *
 * Its request leaves once. Whatever happens then, only the server's word ends it (money rule 3).
 */
import type { AttemptRecord, AttemptSeen } from '$lib/journal/entries';
import type { Journal } from '$lib/journal/journal';
import type { OrderEvent } from '$lib/order/events';
import { isOpen } from '$lib/payment/states';
import type { Problem } from '$lib/wire/problems';
import type { Api, ApiFailure, Attempt } from './api';
import { screenOf, type LocalEnd, type PaymentFacts, type PaymentScreen } from './payment-screen';
import { delay, isoNow, type Clock, type NewId } from './ports';

export interface PaymentParts {
  readonly api: Pick<Api, 'requestPayment' | 'payment' | 'cancelPayment' | 'askPayment' | 'voidPayment'>;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Told after every answer or silence of the server. */
  readonly onHeard: (heard: { readonly till: boolean; readonly wallet: boolean | null }) => void;
}

/** What is to be paid, frozen at this revision. */
export interface PaymentOrder {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly revision: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly events: readonly OrderEvent[];
}

/** How long the server may hold a question back until there is news. */
const waitMs = 25_000;
/** Pauses between questions that got no answer. */
const pausesMs = [500, 1000, 2000, 4000, 8000] as const;
const longestPauseMs = 10_000;
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
  #pause = new AbortController();
  #stopTick: () => void = () => undefined;
  #ended: (payment: Payment) => void = () => undefined;

  #view = $state.raw<Attempt | null>(null);
  #viewAtMs = $state(0);
  #localEnd = $state.raw<LocalEnd | null>(null);
  #offline = $state(false);
  #stopAsked = $state(false);
  #kept = $state(false);
  #nowMs = $state(0);

  private constructor(
    parts: PaymentParts,
    of: Omit<PaymentOrder, 'events' | 'revision'> & {
      readonly attemptId: string;
      readonly codeLast4: string;
      readonly startedAtMs: number | null;
    }
  ) {
    this.#parts = parts;
    this.attemptId = of.attemptId;
    this.orderId = of.orderId;
    this.orderNumber = of.orderNumber;
    this.amountMinor = of.amountMinor;
    this.currency = of.currency;
    this.codeLast4 = of.codeLast4;
    this.#startedAtMs = of.startedAtMs;
    this.#nowMs = parts.clock.monotonic();
    this.#tick();
  }

  /**
   * Asks for the money: journals the intent, sends it once, then watches it until its end.
   *
   * @param paymentCode a secret; it lives in this call only
   * @param onEnded told once, at the end
   */
  static begin({
    parts,
    order,
    paymentCode,
    onEnded
  }: {
    readonly parts: PaymentParts;
    readonly order: PaymentOrder;
    readonly paymentCode: string;
    readonly onEnded: (payment: Payment) => void;
  }): Payment {
    const payment = new Payment(parts, {
      ...order,
      attemptId: parts.newId(),
      codeLast4: paymentCode.slice(-4),
      startedAtMs: parts.clock.monotonic()
    });
    payment.#ended = onEnded;
    void payment.#send(order, paymentCode);
    return payment;
  }

  /** An attempt whose end this register never saw: asked for, never sent again. */
  static recover({
    parts,
    record,
    onEnded
  }: {
    readonly parts: PaymentParts;
    readonly record: Pick<AttemptRecord, 'requested'>;
    readonly onEnded: (payment: Payment) => void;
  }): Payment {
    const payment = new Payment(parts, { ...record.requested, startedAtMs: null });
    payment.#ended = onEnded;
    void payment.#watch();
    return payment;
  }

  /** The server's last word; null before its first. */
  get view(): Attempt | null {
    return this.#view;
  }

  /** True until an end is proven. While it is, nothing else may be asked for this order. */
  get isOpen(): boolean {
    return this.#localEnd === null && (this.#view === null || isOpen(this.#view.state));
  }

  /** True where the money is in: the order is closed. */
  get isPaid(): boolean {
    const { state } = this.screen;
    return state === 'paid' || state === 'paid_after_all' || state === 'already_paid';
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
      stopAsked: this.#stopAsked,
      kept: this.#kept,
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
    if (!this.isOpen) return;
    this.#pause.abort();
    void this.#parts.api.askPayment(this.attemptId).then((answer) => {
      if (answer.ok && answer.value !== null) this.#take(answer.value);
    });
  }

  /** "Keep" at "Paid after all". */
  keep(): void {
    this.#kept = true;
  }

  /** The page goes: nothing is asked any more. The attempt itself goes on at the server. */
  leave(): void {
    this.#gone.abort();
    this.#pause.abort();
    this.#stopTick();
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
    await this.#watch();
  }

  async #watch(): Promise<void> {
    let silences = 0;
    while (this.isOpen && !this.#gone.signal.aborted) {
      const known = this.#view;
      const answer = await this.#parts.api.payment(this.attemptId, {
        ...(known === null ? {} : { after: known.version, waitMs }),
        signal: this.#gone.signal
      });
      if (this.#gone.signal.aborted || !this.isOpen) return;
      this.#hear(answer);
      if (answer.ok) {
        silences = 0;
        // a server that does not hold the question back must not be asked in a tight loop
        const news = known === null || answer.value.version > known.version;
        this.#take(answer.value);
        if (!news) await this.#rest(pausesMs[0]);
        continue;
      }
      if (known === null && isUnknownThere(answer) && (await this.#shut())) return;
      await this.#rest(pausesMs[silences] ?? longestPauseMs);
      silences += 1;
    }
  }

  /** Unknown there, but perhaps still on its way: only "void" lets the order go. @returns true when it ended. */
  async #shut(): Promise<boolean> {
    const answer = await this.#parts.api.voidPayment({ attemptId: this.attemptId, orderId: this.orderId });
    this.#hear(answer);
    if (answer.ok) this.#take(answer.value);
    return !this.isOpen;
  }

  async #sendStop(): Promise<void> {
    let silences = 0;
    while (this.isOpen && !this.#gone.signal.aborted) {
      const answer = await this.#parts.api.cancelPayment(this.attemptId);
      if (answer.ok) {
        if (answer.value !== null) this.#take(answer.value);
        return;
      }
      // not there yet (its request may be on the way), or no network: once more
      await delay({
        clock: this.#parts.clock,
        ms: pausesMs[silences] ?? longestPauseMs,
        signal: this.#gone.signal
      });
      silences += 1;
    }
  }

  #take(view: Attempt): void {
    // answers may overtake each other: an older word never covers a newer one
    if (!this.isOpen || (this.#view !== null && view.version < this.#view.version)) return;
    this.#view = view;
    this.#viewAtMs = this.#parts.clock.monotonic();
    this.#nowMs = this.#viewAtMs;
    if (view.stopInMs !== null) this.#stopAsked = true;
    this.#parts.onHeard({ till: true, wallet: view.gatewayReachable });
    if (isOpen(view.state)) return;
    void this.#journalEnd(seenOf(view));
    this.#finish();
  }

  #hear(answer: { readonly ok: true } | ApiFailure): void {
    this.#offline = !answer.ok && answer.problem === null;
    this.#parts.onHeard({ till: !this.#offline, wallet: null });
  }

  #endHere(end: LocalEnd): void {
    this.#localEnd = end;
    this.#finish();
  }

  async #endRefused(problem: Problem): Promise<void> {
    await this.#journalEnd({ ...emptySeen(this.attemptId), problem: problem.code });
    this.#endHere({ kind: 'refused', problem });
  }

  /** Not written? Then it is asked for again at the next start, and the server says the same. */
  async #journalEnd(seen: AttemptSeen): Promise<void> {
    await this.#parts.journal.append([{ kind: 'attempt_seen', orderId: this.orderId, body: seen }], {
      strict: true
    });
  }

  #finish(): void {
    this.#stopTick();
    this.#pause.abort();
    this.#ended(this);
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

/**
 * The first two say that an attempt of this id is there. The others, that this page may send nothing any more: its own
 * request may have arrived all the same, where the browser sent it twice.
 */
const noRefusal: readonly Problem['code'][] = [
  'attempt_conflict',
  'attempt_known',
  'tab_replaced',
  'register_replaced'
];

/** The server read the request and turned it down before anything was made of it. */
function isRefusal(answer: ApiFailure): answer is ApiFailure & { readonly problem: Problem } {
  const { problem } = answer;
  if (problem === null || noRefusal.includes(problem.code)) return false;
  return problem.status >= 400 && problem.status < 500;
}

/** Only the server's own words count: a proxy's 404 says nothing about a payment. */
function isUnknownThere(answer: ApiFailure): boolean {
  return answer.problem?.code === 'not_found';
}

function emptySeen(attemptId: string): AttemptSeen {
  return {
    attemptId,
    state: 'refused',
    version: 0,
    failReason: null,
    remedy: null,
    problem: null,
    errorCode: null,
    errorText: null,
    psn: null,
    merchantOrderNo: null,
    wallet: null,
    paidMinor: null,
    offerByMerchantMinor: 0,
    offerByChannelMinor: 0,
    endedAt: null
  };
}

function seenOf(view: Attempt): AttemptSeen {
  return {
    attemptId: view.attemptId,
    state: view.state,
    version: view.version,
    failReason: view.failReason,
    remedy: view.remedy,
    problem: null,
    errorCode: view.errorCode,
    errorText: view.errorText,
    psn: view.psn,
    merchantOrderNo: view.merchantOrderNo,
    wallet: view.wallet,
    paidMinor: view.paidMinor,
    offerByMerchantMinor: view.offerByMerchantMinor,
    offerByChannelMinor: view.offerByChannelMinor,
    endedAt: view.endedAt
  };
}
