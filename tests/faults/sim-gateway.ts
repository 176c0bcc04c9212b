/**
 * The gateway of the simulation: the port's six functions over a book of its own, with virtual time between request,
 * book and answer, and faults chosen by the seed. No HTTP, no keys: what a signature would catch arrives as its fault.
 */
import type {
  Answer,
  CallFault,
  CodeClass,
  Evidence,
  Gateway,
  GatewayNotification,
  NotificationRead,
  PaymentFacts,
  RefundFacts,
  TransStatus
} from '$lib/server/gateway/port';
import type { Book, BookCode, BookPayment, BookRefund, BookStatus } from './book';
import type { Random } from './random';

/** What the seed makes of the network and of the gateway. Probabilities per call. */
export interface Weather {
  /** Nothing was written. */
  refusedConnection: number;
  /** The request never arrives. */
  lostRequest: number;
  /** The book did it, and nobody hears. */
  lostAnswer: number;
  /** The request lies somewhere for up to a minute. */
  lateRequest: number;
  /** Unsigned, wrongly signed, of an odd shape. */
  oddAnswer: number;
  /** "System error" or a code that nobody knows, whatever the book did. */
  systemError: number;
  /** Another order's answer, validly signed, or another amount or currency. */
  crossed: number;
  /** How old a query's answer may be. */
  staleMs: number;
  /** How long after its making an order may not be found. */
  notFoundMs: number;
  /** The answer comes late, perhaps after our time-out. */
  slowAnswer: number;
  /** A cancel is refused: "payment in progress". */
  busyCancel: number;
}

export const fairWeather: Weather = {
  refusedConnection: 0,
  lostRequest: 0,
  lostAnswer: 0,
  lateRequest: 0,
  oddAnswer: 0,
  systemError: 0,
  crossed: 0,
  staleMs: 0,
  notFoundMs: 0,
  slowAnswer: 0,
  busyCancel: 0
};

export interface SimGatewayOptions {
  readonly book: Book;
  readonly random: Random;
  readonly nowMs: () => number;
  readonly after: (ms: number, act: () => void) => void;
  readonly weather: () => Weather;
  /** How far the caller's wall clock is off; the gateway refuses more than 15 minutes. */
  readonly clockOffMs: () => number;
  readonly timeoutMs: number;
  readonly trace: (line: string) => void;
}

type CallName = 'submit' | 'query' | 'cancel' | 'refund' | 'refund_query';

const methods: Record<CallName, string> = {
  submit: 'bscanc.pay.submit',
  query: 'order.query',
  cancel: 'order.revoker',
  refund: 'order.refund.submit',
  refund_query: 'order.refund.query'
};

const acceptsWithinMs = 15 * 60_000;

export function createSimGateway(options: SimGatewayOptions): Gateway {
  const { book, random, nowMs, after } = options;

  function evidenceOf(call: CallName, code: string | null): Evidence {
    return {
      method: methods[call],
      psn: null,
      code,
      message: null,
      rawSha256: null,
      httpStatus: 200,
      gatewayDate: null,
      durationMs: 1
    };
  }
  function fault(call: CallName, name: CallFault): Answer<never> {
    return { kind: 'fault', fault: name, evidence: evidenceOf(call, null) };
  }
  function refused(call: CallName, codeClass: Exclude<CodeClass, 'ok'>): Answer<never> {
    return { kind: 'refused', codeClass, evidence: evidenceOf(call, codeClass) };
  }
  function answered<T>(call: CallName, value: T): Answer<T> {
    return { kind: 'answered', codeClass: 'ok', value, evidence: evidenceOf(call, '0') };
  }

  /** One call, from its first byte to its answer; `act` is the book's part of it. */
  function call<T>(name: CallName, number: string, act: () => Answer<T>): Promise<Answer<T>> {
    const weather = options.weather();
    return new Promise((resolve) => {
      let over = false;
      const answer = (result: Answer<T>, note: string): void => {
        if (over) return;
        over = true;
        const what = result.kind === 'fault' ? result.fault : result.codeClass;
        options.trace(`${name} ${number.slice(-4)} → ${what}${note}`);
        resolve(result);
      };
      const giveUp = (): void => answer(fault(name, 'timeout'), '');
      const wayMs = random.between(20, 400);
      if (random.chance(weather.refusedConnection)) {
        after(wayMs, () => answer(fault(name, 'not_sent'), ''));
        return;
      }
      after(options.timeoutMs, giveUp);
      if (random.chance(weather.lostRequest)) {
        if (random.chance(0.5)) after(wayMs, () => answer(fault(name, 'broken'), ' (lost)'));
        return;
      }
      const late = random.chance(weather.lateRequest);
      const arrivesMs = late ? random.between(1000, 55_000) : wayMs;
      after(arrivesMs, () => {
        if (Math.abs(options.clockOffMs()) > acceptsWithinMs) {
          after(wayMs, () => answer(refused(name, 'clock'), ''));
          return;
        }
        const noBook = random.chance(weather.systemError / 2);
        const result = noBook ? null : act();
        options.trace(
          `${name} ${number.slice(-4)} in the book: ${noBook ? 'nothing' : (book.payments.get(number)?.status ?? '-')}`
        );
        if (result === null || random.chance(weather.systemError / 2)) {
          const codeClass = random.chance(0.5) ? 'system' : 'unknown_code';
          after(wayMs, () => answer(refused(name, codeClass), ''));
        } else if (random.chance(weather.lostAnswer)) {
          if (random.chance(0.5)) after(wayMs, () => answer(fault(name, 'broken'), ' (answer lost)'));
        } else if (random.chance(weather.oddAnswer)) {
          const odd = random.pick<CallFault>(['unsigned', 'bad_signature', 'odd_shape', 'broken']);
          after(wayMs, () => answer(fault(name, odd), ''));
        } else {
          const slowMs = random.chance(weather.slowAnswer) ? random.between(500, 12_000) : wayMs;
          after(slowMs, () => answer(result, ''));
        }
      });
    });
  }

  function refusalOr<T>(name: CallName, code: BookCode, value: T): Answer<T> {
    return code === 'ok' ? answered(name, value) : refused(name, code);
  }

  return {
    submitPayment: (asked) =>
      call('submit', asked.merchantOrderNo, () => {
        const { code, payment } = book.submit({
          number: asked.merchantOrderNo,
          amountMinor: asked.amountMinor,
          currency: asked.currency,
          attach: asked.attach,
          expiresMs: asked.expiresSeconds * 1000
        });
        // The submit's own answer carries neither number nor amount nor currency.
        const bare = { merchantOrderNo: null, currency: null, orderAmountMinor: null, attach: null };
        return payment === null
          ? refusalOr<PaymentFacts>('submit', code, factsOfNothing)
          : answered('submit', { ...paymentFacts(payment, payment.status), ...bare });
      }),
    queryPayment: ({ merchantOrderNo: number }) =>
      call('query', number, () => {
        const weather = options.weather();
        const payment = book.payments.get(number);
        const age = payment === undefined ? 0 : nowMs() - payment.createdAtMs;
        if (payment === undefined || age < random.between(0, weather.notFoundMs)) {
          return refused('query', 'not_found');
        }
        const seenAt = nowMs() - random.between(0, weather.staleMs);
        const status = book.statusAt(number, seenAt) ?? 'created';
        const facts = paymentFacts(payment, status);
        if (!random.chance(weather.crossed)) return answered('query', facts);
        const other = random.pick([...book.payments.values()]);
        const wrong = random.pick<Partial<PaymentFacts>>([
          { ...paymentFacts(other, other.status), merchantOrderNo: `${other.number.slice(0, -1)}?` },
          { ...facts, orderAmountMinor: payment.amountMinor + 1, status: 'succeeded' },
          { ...facts, currency: 'EUR', status: 'succeeded' },
          { ...facts, attach: 'somebody else', status: 'succeeded' },
          { ...facts, merchantNo: '999', status: 'succeeded' }
        ]);
        return answered('query', { ...facts, ...wrong });
      }),
    cancelPayment: ({ merchantOrderNo: number }) =>
      call<null>('cancel', number, () => {
        const open = ['created', 'paying'].includes(book.payments.get(number)?.status ?? '');
        if (open && random.chance(options.weather().busyCancel)) return refused('cancel', 'busy');
        return refusalOr('cancel', book.cancel(number), null);
      }),
    submitRefund: (asked) =>
      call('refund', asked.merchantOrderNo, () => {
        const { code, refund } = book.submitRefund({
          number: asked.merchantOrderNo,
          origNumber: asked.originalMerchantOrderNo,
          amountMinor: asked.amountMinor,
          currency: asked.currency
        });
        return refusalOr('refund', code, {
          transNo: refund?.transNo ?? null,
          transAmountMinor: refund?.amountMinor ?? null
        });
      }),
    queryRefund: ({ merchantOrderNo: number }) =>
      call('refund_query', number, () => {
        const refund = book.refunds.get(number);
        const age = refund === undefined ? 0 : nowMs() - refund.createdAtMs;
        if (refund === undefined || age < random.between(0, options.weather().notFoundMs)) {
          return refused('refund_query', 'not_found');
        }
        const facts = refundFacts(refund);
        return random.chance(options.weather().crossed)
          ? answered('refund_query', { ...facts, merchantOrderNo: 'another', status: 'succeeded' })
          : answered('refund_query', facts);
      }),
    parseNotification({ rawBody }): NotificationRead {
      return JSON.parse(rawBody) as NotificationRead;
    }
  };
}

/** The body of a webhook about how something stands now. */
export function notificationOf(book: Book, number: string): string {
  const payment = book.payments.get(number);
  const refund = book.refunds.get(number);
  const facts =
    payment !== undefined
      ? paymentFacts(payment, payment.status)
      : { ...factsOfNothing, ...(refund === undefined ? {} : refundFacts(refund)) };
  const notification: GatewayNotification = {
    ...facts,
    merchantOrderNo: number,
    statusText: facts.status,
    transType: payment === undefined ? 'refund' : 'payment',
    origTransNo: null,
    rawSha256: ''
  };
  return JSON.stringify({ ok: true, notification } satisfies NotificationRead);
}

const statusNames: Record<BookStatus, TransStatus> = {
  created: 'created',
  paying: 'paying',
  paid: 'succeeded',
  closed: 'closed',
  cancelled: 'cancelled'
};

const factsOfNothing: PaymentFacts = {
  status: 'created',
  merchantOrderNo: null,
  currency: null,
  orderAmountMinor: null,
  merchantNo: null,
  appId: null,
  attach: null,
  transNo: null,
  payChannelTransNo: null,
  payPlatformTransNo: null,
  refNo: null,
  payMethodId: null,
  payUserAccountId: null,
  paidAmountMinor: null,
  transAmountMinor: null,
  discountByMerchantMinor: null,
  discountByChannelMinor: null,
  transEndTime: null,
  errorCode: null,
  errorMessage: null
};

function paymentFacts(payment: BookPayment, status: BookStatus): PaymentFacts {
  return {
    ...factsOfNothing,
    status: statusNames[status],
    merchantOrderNo: payment.number,
    currency: payment.currency,
    orderAmountMinor: payment.amountMinor,
    attach: payment.attach,
    transNo: payment.transNo,
    paidAmountMinor: status === 'paid' ? payment.paidMinor : null
  };
}

function refundFacts(refund: BookRefund): RefundFacts {
  const names = { refunding: 'paying', done: 'succeeded', failed: 'closed' } as const;
  return {
    status: names[refund.status],
    merchantOrderNo: refund.number,
    transNo: refund.transNo,
    origTransNo: null,
    currency: null,
    orderAmountMinor: refund.amountMinor,
    transAmountMinor: refund.status === 'done' ? refund.amountMinor : null,
    transEndTime: null,
    errorCode: null,
    errorMessage: null
  };
}
