/**
 * The desk at which an admin gives money back: find an order, choose, say why, confirm, watch it arrive.
 *
 * One id stands for one refund from the moment its order is opened until the server has taken it: pressing twice, or
 * again after an answer was lost, asks for the same refund (money rule 7).
 */
import { parseMoney } from '$lib/money/typed-money';
import { foldOrder } from '$lib/order/order';
import { isRefundOpen } from '$lib/payment/states';
import type { Changes } from '$lib/register/change-stream';
import { saysNo, type ApiFailure } from '$lib/register/api';
import { isSignedOut, type ApiResult, type OfficeApi } from '$lib/register/office-api';
import { delay, type Clock, type NewId } from '$lib/register/ports';
import type { OrderDetail, OrderRow } from '$lib/wire/orders';
import type { Proof, ProofNeeded, RefundView, WantedRefund } from '$lib/wire/refunds';
import {
  openRefund,
  piecesLeft,
  refundLines,
  refundSources,
  worthOf,
  type RefundLine,
  type RefundSource
} from './refund-choice';

/** What the search came to. */
export type Found =
  | { readonly kind: 'nothing' | 'searching' | 'order' }
  | { readonly kind: 'none'; readonly number: string }
  | { readonly kind: 'several'; readonly orders: readonly OrderRow[] }
  /** A payment code: not looked up, not kept. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'problem'; readonly detail: string | null };

/** What would be given back as things are chosen. */
export type Amount =
  | { readonly ok: true; readonly minor: number; readonly cappedFromMinor: number | null }
  | { readonly ok: false; readonly why: 'nothing' | 'not_an_amount' | 'too_high' };

/** What the dialog says after a try. */
export type Confirming =
  | { readonly kind: 'asking' | 'sending' }
  /** Perhaps it arrived, or surely not: either way the next press asks for the very same. */
  | { readonly kind: 'unanswered' | 'not_saved' }
  | { readonly kind: 'wrong_password'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string | null };

export interface RefundDeskParts {
  readonly api: Pick<OfficeApi, 'find' | 'order' | 'proofFor' | 'requestRefund' | 'refund' | 'askRefund'>;
  readonly changes: Changes;
  readonly heard: <Value>(answer: ApiResult<Value>) => ApiResult<Value>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly locale: string;
}

/** How long the server may hold a question about a refund open, and how long to wait after none was answered. */
const waitMs = 8000;
const againMs = 3000;
/** How long to wait for the stream of changes to name the refund before asking without being told. */
const untoldMs = 15_000;

export class RefundDesk {
  readonly #parts: RefundDeskParts;
  #searches = 0;
  #refundId = '';
  #watching = new AbortController();
  #stopHearing: () => void = () => undefined;

  #found = $state.raw<Found>({ kind: 'nothing' });
  #detail = $state.raw<OrderDetail | null>(null);
  #chosen = $state<Record<string, number>>({});
  #sourceId = $state<string | null>(null);
  #track = $state.raw<RefundView | null>(null);
  #confirming = $state.raw<Confirming | null>(null);
  /** Sent, and no answer came: nothing of it may change before one does. */
  #unsure = $state.raw<WantedRefund | null>(null);
  #needs = $state.raw<ProofNeeded | null>(null);

  mode = $state<'lines' | 'amount'>('lines');
  amountText = $state('');
  /** The words that are sent, chosen or typed; empty: none yet. */
  reason = $state('');

  readonly #order = $derived.by(() => {
    if (this.#detail === null) return null;
    const folded = foldOrder(this.#detail.events);
    return folded.ok ? folded.order : null;
  });
  readonly lines: readonly RefundLine[] = $derived(
    this.#order === null ? [] : refundLines({ order: this.#order, refunds: this.#detail?.refunds ?? [] })
  );
  readonly sources: readonly RefundSource[] = $derived(
    this.#detail === null ? [] : refundSources(this.#detail)
  );
  readonly source: RefundSource | null = $derived(
    this.sources.find(({ attempt }) => attempt.attemptId === this.#sourceId) ?? this.sources[0] ?? null
  );
  readonly linesMinor: number = $derived(
    this.lines.reduce((sum, line) => sum + worthOf(line, this.chosenOf(line)), 0)
  );
  readonly amount: Amount = $derived.by(() =>
    this.mode === 'amount' ? this.#typedAmount() : this.#linesAmount()
  );

  constructor(parts: RefundDeskParts) {
    this.#parts = parts;
  }

  get found(): Found {
    return this.#found;
  }
  get detail(): OrderDetail | null {
    return this.#detail;
  }
  /** The refund that is being watched. */
  get track(): RefundView | null {
    return this.#track;
  }
  /** What the dialog asks for; null while the server is asked. */
  get needs(): ProofNeeded | null {
    return this.#needs;
  }
  /** The dialog is open; null: not yet. */
  get confirming(): Confirming | null {
    return this.#confirming;
  }
  /** True while nothing may be changed. */
  get locked(): boolean {
    return this.#unsure !== null || this.#confirming?.kind === 'sending';
  }
  get allChosen(): boolean {
    return this.lines.every((line) => this.chosenOf(line) === piecesLeft(line));
  }

  async find(text: string): Promise<void> {
    if (text.trim() === '' || this.locked) return;
    const search = ++this.#searches;
    this.#close();
    this.#found = { kind: 'searching' };
    const answer = await this.#parts.api.find(text);
    if (search !== this.#searches) return;
    if ('secret' in answer) {
      this.#found = { kind: 'secret' };
      return;
    }
    const heard = this.#parts.heard(answer);
    if (!heard.ok) {
      this.#found = { kind: 'problem', detail: heard.problem?.detail ?? null };
      return;
    }
    const [first, ...others] = heard.value;
    if (first === undefined) this.#found = { kind: 'none', number: text.trim() };
    else if (others.length > 0) this.#found = { kind: 'several', orders: heard.value };
    else await this.open(first.orderId);
  }

  /** Opens an order; a refund of it that is still on its way is shown at once. */
  async open(orderId: string): Promise<void> {
    if (this.locked) return;
    const search = ++this.#searches;
    this.#close();
    this.#found = { kind: 'searching' };
    const answer = this.#parts.heard(await this.#parts.api.order(orderId));
    if (search !== this.#searches) return;
    if (!answer.ok) {
      this.#found = { kind: 'problem', detail: answer.problem?.detail ?? null };
      return;
    }
    this.#detail = answer.value;
    this.#found = { kind: 'order' };
    const open = openRefund(answer.value.refunds);
    if (open !== null) this.#watch(open);
  }

  chosenOf(line: RefundLine): number {
    return Math.min(this.#chosen[line.lineId] ?? 0, piecesLeft(line));
  }
  choose(line: RefundLine, pieces: number): void {
    if (this.locked) return;
    this.#chosen[line.lineId] = Math.max(0, Math.min(pieces, piecesLeft(line)));
  }
  chooseAll(all: boolean): void {
    if (this.locked) return;
    this.#chosen = Object.fromEntries(this.lines.map((line) => [line.lineId, all ? piecesLeft(line) : 0]));
  }
  chooseSource(attemptId: string): void {
    if (!this.locked) this.#sourceId = attemptId;
  }

  /** Opens the dialog, which asks for what the server wants. */
  confirm(): void {
    if (!this.amount.ok || this.reason.trim() === '' || this.source === null) return;
    this.#confirming = { kind: 'asking' };
    void this.#askWhatItNeeds({
      attemptId: this.source.attempt.attemptId,
      amountMinor: this.amount.minor
    });
  }
  async #askWhatItNeeds(wanted: Pick<WantedRefund, 'attemptId' | 'amountMinor'>): Promise<void> {
    this.#needs = null;
    const answer = this.#parts.heard(await this.#parts.api.proofFor(wanted));
    // without an answer the password is right whatever the limit is
    this.#needs = answer.ok ? answer.value : 'password';
  }
  /** Closes the dialog; what was sent without an answer stays as it was sent. */
  notNow(): void {
    if (this.#confirming?.kind !== 'sending') this.#confirming = null;
  }

  /** Sends the refund, once for each press; a second press while one is under way does nothing. */
  async send(proof: Proof): Promise<void> {
    const wanted = this.#unsure ?? this.#wanted();
    if (wanted === null || this.#confirming === null || this.#confirming.kind === 'sending') return;
    this.#confirming = { kind: 'sending' };
    const answer = this.#parts.heard(await this.#parts.api.requestRefund({ ...wanted, ...proof }));
    if (answer.ok) {
      this.#accepted(answer.value);
      return;
    }
    if (!saysNo(answer)) {
      this.#unsure = wanted;
      this.#confirming = unanswered(answer);
      return;
    }
    const { code, detail } = answer.problem;
    if (isSignedOut(answer)) return;
    if (code === 'wrong_password' || code === 'too_many_tries') {
      this.#confirming = { kind: 'wrong_password', detail };
      return;
    }
    if (code === 'proof_needed') {
      // the five minutes are over: nothing was refused, it is only asked for again
      this.#confirming = { kind: 'asking' };
      await this.#askWhatItNeeds(wanted);
      return;
    }
    if (code === 'refund_conflict') {
      const known = this.#parts.heard(await this.#parts.api.refund(wanted.refundId));
      if (known.ok) {
        this.#accepted(known.value);
        return;
      }
    }
    // The server has said no to this very refund: another choice is another refund.
    this.#unsure = null;
    this.#refundId = '';
    this.#confirming = { kind: 'refused', detail };
    await this.#refresh();
  }

  /** "Ask now" and "Try again now": the same refund. */
  async ask(): Promise<void> {
    if (this.#track === null) return;
    const { refundId } = this.#track;
    const answer = this.#parts.heard(await this.#parts.api.askRefund(refundId));
    const seen = this.#track;
    // It says when the wish is carried out; what was seen meanwhile is newer.
    if (answer.ok && seen?.refundId === refundId && answer.value.version === seen.version)
      this.#track = answer.value;
  }

  /** Leaves a refund that has ended: back to the order, with the choice gone unless it failed. */
  async done(): Promise<void> {
    const failed = this.#track?.state === 'failed' && !this.#track.paidInCash;
    this.#stopWatching();
    this.#track = null;
    if (!failed) {
      this.#chosen = {};
      this.amountText = '';
      this.reason = '';
      this.mode = 'lines';
    }
    await this.#refresh();
  }

  /** Somebody else may give money back on the same order: what can still go back is shown as it stands. */
  start(): void {
    this.#stopHearing = this.#parts.changes.subscribe((news) => {
      const orderId = this.#detail?.orderId;
      const concerns = news.kind === 'everything' || (news.kind === 'change' && news.change.id === orderId);
      if (concerns && orderId !== undefined && !this.locked) void this.#refresh();
    });
  }

  /** Shows a refund that was just paid in cash. */
  show(refund: RefundView): void {
    this.#accepted(refund);
  }

  /** The order as it stands now: money of it went back by hand. */
  async lookAgain(): Promise<void> {
    await this.#refresh();
  }

  stop(): void {
    this.#stopHearing();
    this.#stopWatching();
  }

  #wanted(): WantedRefund | null {
    const { amount, source } = this;
    if (!amount.ok || source === null || this.reason.trim() === '') return null;
    if (this.#refundId === '') this.#refundId = this.#parts.newId();
    const lines =
      this.mode === 'amount'
        ? []
        : this.lines
            .map((line) => ({ lineId: line.lineId, quantity: this.chosenOf(line) }))
            .filter(({ quantity }) => quantity > 0);
    return {
      refundId: this.#refundId,
      attemptId: source.attempt.attemptId,
      amountMinor: amount.minor,
      currency: source.attempt.currency,
      reason: this.reason.trim(),
      lines
    };
  }

  #typedAmount(): Amount {
    const { source } = this;
    if (source === null || this.amountText.trim() === '') return { ok: false, why: 'nothing' };
    const read = parseMoney({
      text: this.amountText,
      currency: source.attempt.currency,
      locale: this.#parts.locale
    });
    if (!read.ok || read.amountMinor < 1) return { ok: false, why: 'not_an_amount' };
    return read.amountMinor > source.leftMinor
      ? { ok: false, why: 'too_high' }
      : { ok: true, minor: read.amountMinor, cappedFromMinor: null };
  }

  /** Never more than can still go back, even where amounts without lines went before. */
  #linesAmount(): Amount {
    const left = this.source?.leftMinor ?? 0;
    const minor = Math.min(this.linesMinor, left);
    if (minor < 1) return { ok: false, why: 'nothing' };
    return { ok: true, minor, cappedFromMinor: this.linesMinor > left ? this.linesMinor : null };
  }

  #accepted(refund: RefundView): void {
    this.#unsure = null;
    this.#refundId = '';
    this.#confirming = null;
    this.#watch(refund);
    void this.#refresh();
  }

  #watch(refund: RefundView): void {
    this.#stopWatching();
    this.#track = refund;
    const { signal } = this.#watching;
    void this.#follow(refund.refundId, signal);
  }

  async #follow(refundId: string, signal: AbortSignal): Promise<void> {
    const { api, clock, changes } = this.#parts;
    let told = new AbortController();
    // Listening begins before asking: a change between the two is not missed.
    const unsubscribe = changes.subscribe((news) => {
      if (news.kind !== 'change' || news.change.id === refundId) told.abort();
    });
    while (!signal.aborted && this.#track !== null && isRefundOpen(this.#track.state)) {
      told = new AbortController();
      const held = changes.live ? {} : { after: this.#track.version, waitMs };
      const answer = await api.refund(refundId, { ...held, signal });
      if (signal.aborted) break;
      if (!this.#parts.heard(answer).ok || !answer.ok) {
        await delay({ clock, ms: againMs, signal });
        continue;
      }
      this.#track = answer.value;
      if (changes.live && isRefundOpen(answer.value.state))
        await delay({ clock, ms: untoldMs, signal: AbortSignal.any([signal, told.signal]) });
    }
    unsubscribe();
    if (!signal.aborted) await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const orderId = this.#detail?.orderId;
    if (orderId === undefined) return;
    const answer = this.#parts.heard(await this.#parts.api.order(orderId));
    if (answer.ok && this.#detail?.orderId === orderId) this.#detail = answer.value;
  }

  #stopWatching(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
  }

  #close(): void {
    this.#stopWatching();
    this.#detail = null;
    this.#track = null;
    this.#confirming = null;
    this.#chosen = {};
    this.#sourceId = null;
    this.#refundId = '';
    this.mode = 'lines';
    this.amountText = '';
    this.reason = '';
  }
}

/** What the dialog says where the server did not say no. */
export function unanswered({ problem }: ApiFailure): Confirming {
  return { kind: problem?.code === 'storage_failed' ? 'not_saved' : 'unanswered' };
}
