/** The payment engine on a scripted gateway and a clock that only tests move: one turn of the worker at a time. */
import type {
  Answer,
  CallFault,
  CodeClass,
  Evidence,
  Gateway,
  PaymentFacts,
  RefundFacts,
  TransStatus
} from '../gateway/port';
import type { Ledger } from '../ledger/ledger';
import { askAttempt } from './ask-attempt';
import { askRefund } from './ask-refund';
import { createChanges } from './changes';
import type { AttemptRow, PaymentParts, RefundRow } from './parts';
import { requestPayment } from './request-payment';
import { requestRefund, type RefundResult } from './request-refund';
import { newId, openShopLedger, paymentRequest, sender } from './shop.fixture';
import { createStopwatch } from './stopwatch';
import { submitOnce } from './submit';
import { stopPayment } from './wishes';
import { createTiming } from './timing';
import { claimDue } from './claim-due';

export const start = Date.UTC(2026, 10, 23, 10, 42);
export const admin = { staffId: 'admin', staffName: 'Ada Okafor' };

const evidence: Evidence = {
  method: 'test',
  psn: null,
  code: null,
  message: null,
  rawSha256: null,
  httpStatus: 200,
  gatewayDate: null,
  durationMs: 1
};

export function refused(
  codeClass: Exclude<CodeClass, 'ok'>
): Extract<Answer<never>, { readonly kind: 'refused' }> {
  return { kind: 'refused', codeClass, evidence };
}

export function fault(name: CallFault): Extract<Answer<never>, { readonly kind: 'fault' }> {
  return { kind: 'fault', fault: name, evidence };
}

/** Everything that a query of a payment of 9.00 would say. */
export function seen(merchantOrderNo: string, status: TransStatus, over: Partial<PaymentFacts> = {}) {
  const value: PaymentFacts = {
    status,
    merchantOrderNo,
    currency: 'USD',
    orderAmountMinor: 900,
    merchantNo: null,
    appId: null,
    attach: null,
    transNo: '2120',
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
    errorMessage: null,
    ...over
  };
  return { kind: 'answered', codeClass: 'ok', value, evidence } as const;
}

export function refundSeen(merchantOrderNo: string, status: TransStatus, over: Partial<RefundFacts> = {}) {
  const value: RefundFacts = {
    status,
    merchantOrderNo,
    transNo: '3120',
    origTransNo: null,
    currency: null,
    orderAmountMinor: null,
    transAmountMinor: null,
    transEndTime: null,
    errorCode: null,
    errorMessage: null,
    ...over
  };
  return { kind: 'answered', codeClass: 'ok', value, evidence } as const;
}

export const cancelTaken = { kind: 'answered', codeClass: 'ok', value: null, evidence } as const;
export const refundTaken = {
  kind: 'answered',
  codeClass: 'ok',
  value: { transNo: '3120', transAmountMinor: null },
  evidence
} as const;

export interface Engine {
  /** Its `transaction` may be replaced, to play a process that dies. */
  readonly ledger: { -readonly [Name in keyof Ledger]: Ledger[Name] };
  readonly parts: PaymentParts;
  /** Replace a call to script it; by default the gateway can't be reached. */
  readonly gateway: { -readonly [Name in keyof Gateway]: Gateway[Name] };
  /** Names of the calls made, in order. */
  readonly calls: string[];
  /** What happens at a named moment. */
  onCrashPoint: (name: string) => void;
  readonly clock: {
    nowMs: number;
    monotonicMs: number;
    /** How long the machine was suspended unseen by the ledger's clock, as on PostgreSQL: only its wall clock shows it. */
    asleepMs: number;
  };
  /** Both clocks go on. */
  pass(ms: number): void;
  /** An attempt of 9.00, submitted; `submitPayment` says how. */
  pay(): Promise<AttemptRow>;
  /** Takes what is due, as the worker does, and lets every turn end. Gives back how many turns there were. */
  turn(owner?: string): Promise<number>;
  /** Lets time go on to `sinceStartMs` after the start, with a turn whenever one is due. */
  until(sinceStartMs: number): Promise<void>;
  /** A cashier's wish to stop. */
  stop(id: string): Promise<unknown>;
  attempt(id: string): Promise<AttemptRow>;
  refund(id: string): Promise<RefundRow>;
  /** Asks for a refund of an attempt. */
  giveBack(attemptId: string, amountMinor: number, refundId?: string): Promise<RefundResult>;
  tasks(): Promise<string[]>;
}

export async function openEngine(options: { mode?: 'training' | 'live' } = {}): Promise<Engine> {
  const clock = { nowMs: start, monotonicMs: 0, asleepMs: 0 };
  const ledger = { ...(await openShopLedger({ now: () => clock.nowMs })) };
  const calls: string[] = [];
  const gateway: Engine['gateway'] = {
    submitPayment: async () => fault('timeout'),
    queryPayment: async () => fault('timeout'),
    cancelPayment: async () => fault('timeout'),
    submitRefund: async () => fault('timeout'),
    queryRefund: async () => fault('timeout'),
    parseNotification: () => ({ ok: false, reason: 'unsigned' })
  };
  const counted =
    <Of, Result>(name: string, call: () => (of: Of) => Promise<Result>) =>
    (of: Of): Promise<Result> => {
      calls.push(name);
      return call()(of);
    };
  const parts: PaymentParts = {
    ledger,
    gateway: {
      submitPayment: counted('submitPayment', () => gateway.submitPayment),
      queryPayment: counted('queryPayment', () => gateway.queryPayment),
      cancelPayment: counted('cancelPayment', () => gateway.cancelPayment),
      submitRefund: counted('submitRefund', () => gateway.submitRefund),
      queryRefund: counted('queryRefund', () => gateway.queryRefund),
      parseNotification: (sent) => gateway.parseNotification(sent)
    },
    identity: { appId: 'app', merchantNo: '312' },
    timing: createTiming({ timeScale: 1, callTimeoutMs: 10_000 }),
    changes: createChanges(),
    stopwatch: createStopwatch({
      monotonicNow: () => clock.monotonicMs,
      wallNow: () => clock.nowMs + clock.asleepMs
    }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    digestKey: Buffer.alloc(32, 7),
    mode: options.mode ?? 'live',
    wake: () => undefined,
    crashPoint: (name) => engine.onCrashPoint(name)
  };
  const engine: Engine = {
    ledger,
    parts,
    gateway,
    calls,
    onCrashPoint: () => undefined,
    clock,
    pass(ms) {
      clock.nowMs += ms;
      clock.monotonicMs += ms;
    },
    async pay() {
      const request = paymentRequest({ ends: '00' });
      const result = await requestPayment({ parts, sender, request });
      if (!result.ok) throw new Error(result.detail);
      await submitOnce({ parts, row: result.row, paymentCode: request.paymentCode, description: 'x' });
      return engine.attempt(request.attemptId);
    },
    async turn(owner = 'worker') {
      const { attempts, refunds } = await claimDue({ parts, owner, most: 16 });
      for (const row of attempts) await askAttempt({ parts, row, owner });
      for (const row of refunds) await askRefund({ parts, row, owner });
      return attempts.length + refunds.length;
    },
    async until(sinceStartMs) {
      const end = start + sinceStartMs;
      for (let turns = 0; turns < 1000; turns += 1) {
        const { due } = await ledger.db
          .selectFrom('attempts')
          .select((select) => select.fn.min<number | null>('next_due_at_ms').as('due'))
          .executeTakeFirstOrThrow();
        const at = Math.min(end, Math.max(clock.nowMs, due ?? end));
        engine.pass(at - clock.nowMs);
        if ((await engine.turn()) === 0 && at === end) return;
      }
      throw new Error('the worker never comes to rest');
    },
    stop: (attemptId) => stopPayment({ parts, attemptId, staffName: 'Rosa Marin' }),
    attempt: (id) =>
      ledger.db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    refund: (id) =>
      ledger.db.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    giveBack: (attemptId, amountMinor, refundId = newId()) =>
      requestRefund({
        parts,
        staff: admin,
        request: { refundId, attemptId, amountMinor, currency: 'USD', reason: 'Broken', lines: [] }
      }),
    async tasks() {
      const rows = await ledger.db.selectFrom('tasks').select('kind').orderBy('id').execute();
      return rows.map((row) => row.kind);
    }
  };
  return engine;
}
