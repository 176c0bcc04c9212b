/**
 * The fake gateway's book: what the wallets really paid, gave back and refused. Written from docs/gateway-contract.md alone;
 * it shares nothing with the sandbox or the client, so that an error in those cannot hide here.
 */

export type BookStatus = 'created' | 'paying' | 'paid' | 'closed' | 'cancelled';

/** What the shopper does, in the book's milliseconds after the order was made. */
export type Shopper =
  | { readonly kind: 'pays'; readonly afterMs: number }
  | { readonly kind: 'declines'; readonly afterMs: number }
  | { readonly kind: 'never' };

export interface BookPayment {
  readonly number: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly attach: string;
  readonly transNo: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  status: BookStatus;
  /** How often the wallet was charged: more than once is theft. */
  charges: number;
  /** What the shopper's wallet gave, discounts taken off. */
  paidMinor: number;
  discountByChannelMinor: number;
  discountByMerchantMinor: number;
  /** A cancel gave the money back. */
  reversed: boolean;
  /** Requests that arrived with this number. */
  submits: number;
  cancels: number;
  /** A cancel was taken on, and is not carried out yet. */
  cancelQueued: boolean;
  readonly history: { readonly atMs: number; readonly status: BookStatus }[];
}

export type BookRefundStatus = 'refunding' | 'done' | 'failed';

export interface BookRefund {
  readonly number: string;
  readonly origNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly transNo: string;
  readonly createdAtMs: number;
  status: BookRefundStatus;
  submits: number;
}

/** What a call of the book comes to: a class of the contract's table of codes. */
export type BookCode =
  'ok' | 'not_found' | 'duplicate_number' | 'final_refused' | 'balance' | 'busy' | 'not_created';

export interface BookChange {
  readonly kind: 'payment' | 'refund';
  readonly number: string;
}

export interface BookRules {
  /** `null`: this code is refused, and nothing is made. */
  shopper: (asked: { number: string; amountMinor: number }) => Shopper | null;
  /** Off the price, paid by the channel. */
  discountMinor: number;
  /** False: past the day's cut-off a paid order can no longer be cancelled. */
  cancelsPaid: boolean;
  /** A cancel during the shopper's password is refused. */
  busyWhilePaying: boolean;
  /** How long after its "ok" a cancel is carried out; the order may be paid in between, and the money then goes back. */
  cancelTakesMs: number;
  /** What a second cancel is told. */
  repeatedCancel: 'ok' | 'final_refused';
  /** What a wallet still holds for the merchant; refunds above it are refused. */
  balanceMinor: number;
  /** How a refund ends. */
  refund: (asked: { number: string }) => { readonly ends: 'done' | 'failed'; readonly afterMs: number };
  /** A wallet that does not add up: the guard must then be ours alone. */
  refusesOverRefund: boolean;
}

export const honestRules: BookRules = {
  shopper: () => ({ kind: 'pays', afterMs: 0 }),
  discountMinor: 0,
  cancelsPaid: true,
  busyWhilePaying: false,
  cancelTakesMs: 0,
  repeatedCancel: 'final_refused',
  balanceMinor: Number.MAX_SAFE_INTEGER,
  refund: () => ({ ends: 'done', afterMs: 0 }),
  refusesOverRefund: true
};

export class Book {
  readonly payments = new Map<string, BookPayment>();
  readonly refunds = new Map<string, BookRefund>();
  readonly rules: BookRules = { ...honestRules };
  /** Submits that arrived, refused ones too, by number. */
  readonly submitsByNumber = new Map<string, number>();
  onChange: (change: BookChange) => void = () => undefined;
  readonly #nowMs: () => number;
  readonly #after: (ms: number, act: () => void) => void;
  #transNo = 2_000_000;

  /** @param options.after lets something happen later by the book's clock */
  constructor(options: { nowMs: () => number; after: (ms: number, act: () => void) => void }) {
    this.#nowMs = options.nowMs;
    this.#after = options.after;
  }

  submit(asked: {
    number: string;
    amountMinor: number;
    currency: string;
    attach: string;
    expiresMs: number;
  }): { code: BookCode; payment: BookPayment | null } {
    const { number, amountMinor, currency, attach } = asked;
    this.submitsByNumber.set(number, (this.submitsByNumber.get(number) ?? 0) + 1);
    const known = this.payments.get(number);
    if (known !== undefined) {
      known.submits += 1;
      return { code: 'duplicate_number', payment: null };
    }
    const shopper = this.rules.shopper({ number, amountMinor });
    if (shopper === null) return { code: 'not_created', payment: null };
    const now = this.#nowMs();
    const payment: BookPayment = {
      number,
      amountMinor,
      currency,
      attach,
      transNo: this.#nextTransNo(),
      createdAtMs: now,
      expiresAtMs: now + asked.expiresMs,
      status: 'created',
      charges: 0,
      paidMinor: 0,
      discountByChannelMinor: 0,
      discountByMerchantMinor: 0,
      reversed: false,
      submits: 1,
      cancels: 0,
      cancelQueued: false,
      history: []
    };
    this.payments.set(number, payment);
    this.#move(payment, 'paying');
    this.#after(asked.expiresMs, () => this.#expire(payment));
    if (shopper.kind === 'pays') {
      if (shopper.afterMs <= 0) this.pay(number);
      else this.#after(shopper.afterMs, () => this.pay(number));
    } else if (shopper.kind === 'declines') {
      if (shopper.afterMs <= 0) this.decline(number);
      else this.#after(shopper.afterMs, () => this.decline(number));
    }
    return { code: 'ok', payment };
  }

  /** The shopper confirms, if the order still stands. */
  pay(number: string): void {
    const payment = this.payments.get(number);
    if (payment === undefined || !this.#stands(payment)) return;
    payment.charges += 1;
    payment.discountByChannelMinor = this.rules.discountMinor;
    payment.paidMinor = payment.amountMinor - this.rules.discountMinor;
    this.#move(payment, 'paid');
  }

  /** The shopper or the wallet says no. */
  decline(number: string): void {
    const payment = this.payments.get(number);
    if (payment !== undefined && this.#stands(payment)) this.#move(payment, 'closed');
  }

  cancel(number: string): BookCode {
    const payment = this.payments.get(number);
    if (payment === undefined) return 'not_found';
    payment.cancels += 1;
    if (payment.cancelQueued) return this.rules.repeatedCancel;
    switch (payment.status) {
      case 'created':
      case 'paying':
        if (!this.#stands(payment)) {
          this.#expire(payment);
          return 'final_refused';
        }
        if (this.rules.busyWhilePaying) return 'busy';
        this.#takeOn(payment);
        return 'ok';
      case 'paid':
        if (!this.rules.cancelsPaid || this.refundedMinor(number) > 0) return 'final_refused';
        this.#takeOn(payment);
        return 'ok';
      case 'cancelled':
        return this.rules.repeatedCancel;
      case 'closed':
        return 'final_refused';
    }
  }

  submitRefund(asked: { number: string; origNumber: string; amountMinor: number; currency: string }): {
    code: BookCode;
    refund: BookRefund | null;
  } {
    const { number, origNumber, amountMinor, currency } = asked;
    const known = this.refunds.get(number);
    if (known !== undefined) {
      known.submits += 1;
      return { code: 'duplicate_number', refund: null };
    }
    const payment = this.payments.get(origNumber);
    if (payment === undefined) return { code: 'not_found', refund: null };
    if (payment.status !== 'paid') return { code: 'final_refused', refund: null };
    const held = [...this.refunds.values()]
      .filter((refund) => refund.origNumber === origNumber && refund.status !== 'failed')
      .reduce((sum, refund) => sum + refund.amountMinor, 0);
    if (this.rules.refusesOverRefund && held + amountMinor > payment.amountMinor) {
      return { code: 'final_refused', refund: null };
    }
    if (amountMinor > this.rules.balanceMinor) return { code: 'balance', refund: null };
    const refund: BookRefund = {
      number,
      origNumber,
      amountMinor,
      currency,
      transNo: this.#nextTransNo(),
      createdAtMs: this.#nowMs(),
      status: 'refunding',
      submits: 1
    };
    this.refunds.set(number, refund);
    const { ends, afterMs } = this.rules.refund({ number });
    const end = (): void => {
      refund.status = ends;
      this.onChange({ kind: 'refund', number });
    };
    if (afterMs <= 0) end();
    else this.#after(afterMs, end);
    return { code: 'ok', refund };
  }

  /** How it stood some time ago; null where it was not known yet. */
  statusAt(number: string, atMs: number): BookStatus | null {
    const payment = this.payments.get(number);
    return payment?.history.findLast((step) => step.atMs <= atMs)?.status ?? null;
  }

  refundedMinor(origNumber: string): number {
    return [...this.refunds.values()]
      .filter((refund) => refund.origNumber === origNumber && refund.status === 'done')
      .reduce((sum, refund) => sum + refund.amountMinor, 0);
  }

  /** The merchant's money from this order, refunds not taken off. */
  takenMinor(number: string): number {
    const payment = this.payments.get(number);
    return payment === undefined || payment.charges === 0 || payment.reversed
      ? 0
      : payment.amountMinor * payment.charges;
  }

  #stands(payment: BookPayment): boolean {
    const open = payment.status === 'created' || payment.status === 'paying';
    return open && this.#nowMs() < payment.expiresAtMs;
  }

  #expire(payment: BookPayment): void {
    if (payment.status === 'created' || payment.status === 'paying') this.#move(payment, 'closed');
  }

  #takeOn(payment: BookPayment): void {
    const carryOut = (): void => {
      payment.cancelQueued = false;
      if (payment.status === 'closed') return;
      payment.reversed = payment.status === 'paid';
      this.#move(payment, 'cancelled');
    };
    if (this.rules.cancelTakesMs <= 0) return carryOut();
    payment.cancelQueued = true;
    this.#after(this.rules.cancelTakesMs, carryOut);
  }

  #move(payment: BookPayment, status: BookStatus): void {
    payment.status = status;
    payment.history.push({ atMs: this.#nowMs(), status });
    this.onChange({ kind: 'payment', number: payment.number });
  }

  #nextTransNo(): string {
    this.#transNo += 1;
    return String(this.#transNo);
  }
}

/** `trans_status` of the contract for a payment. */
export function paymentStatusCode(status: BookStatus): string {
  return { created: '9', paying: '0', closed: '1', paid: '2', cancelled: '3' }[status];
}

/** `trans_status` of the contract for a refund. */
export function refundStatusCode(status: BookRefundStatus): string {
  return { refunding: '0', failed: '1', done: '2' }[status];
}
