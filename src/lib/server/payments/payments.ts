/** Payments, composed: what routes and the start-up know of wallet money on the server. */
import { randomBytes } from 'node:crypto';
import type { ResolveAttempt } from '$lib/wire/desk';
import type { RequestPayment } from '$lib/wire/payments';
import type { WantedRefund } from '$lib/wire/refunds';
import { attachLateMoney, type AttachResult } from '../desk/attach-late-money';
import { confirmLateMoney } from '../desk/confirm-late-money';
import type { DeskStaff } from '../desk/desk-staff';
import { writeResolution, type ResolveResult } from '../desk/write-resolution';
import type { Ledger } from '../ledger/ledger';
import { createChanges, type Changes } from './changes';
import { learnAttempt, type LearnedAttempt, type LearnResult } from './learn-attempt';
import type { AttemptRow, PaymentParts, RefundRow } from './parts';
import { createReconciler } from './reconciler';
import { startReconciliation, type ReconciliationRow } from './reconcile';
import { requestPayment, voidAttempt } from './request-payment';
import { requestRefund, type RefundResult } from './request-refund';
import type { Refusal, Sender } from './store-order';
import { createStopwatch } from './stopwatch';
import { submitOnce } from './submit';
import { createTiming, type Timing } from './timing';
import { payRefundInCash } from './pay-refund-in-cash';
import { receiveWebhook, type WebhookResult } from './webhook';
import { askNow, askRefundNow, stopPayment } from './wishes';
import { createWorker } from './worker';

export type PaymentResult = { readonly ok: true; readonly row: AttemptRow } | Refusal;

export interface Payments {
  readonly timing: Timing;
  readonly changes: Changes;
  /** Starts the worker: rows that an earlier process left open are asked about first. */
  start(): void;
  /** Takes nothing new; waits for submits and turns under way, so that their answers are recorded. */
  stop(): Promise<void>;
  /** Writes the attempt down and sends it; ends when the row is committed, not when the payment is. */
  request(options: { sender: Sender; request: RequestPayment }): Promise<PaymentResult>;
  /** Shuts an attempt that may never have arrived (money rule 3). */
  giveUp(options: { sender: Sender; attemptId: string; orderId: string }): Promise<AttemptRow>;
  /** A cashier's wish to stop; the worker carries it out by the contract's timing. Null: no such attempt. */
  stopPayment(options: { attemptId: string; staffName: string }): Promise<AttemptRow | null>;
  /** Asks the gateway at once. Null: no such attempt. */
  askNow(options: { attemptId: string }): Promise<AttemptRow | null>;
  /** Late money is refunded only after a query that began now says that it is here. */
  requestRefund(options: {
    staff: { staffId: string; staffName: string };
    request: WantedRefund;
    /** How it was confirmed, for the record. */
    confirmedBy?: string;
  }): Promise<RefundResult>;
  /** Pays a refund that failed out of the drawer. */
  payRefundInCash(options: Omit<Parameters<typeof payRefundInCash>[0], 'parts'>): Promise<RefundResult>;
  /** "Try again now" and "Ask now" of a refund. Null: no such refund. */
  askRefundNow(options: { refundId: string }): Promise<RefundRow | null>;
  /** Attaches late money to its order, after a query that began now says that it is here. */
  attachLateMoney(options: { staff: DeskStaff; attemptId: string }): Promise<AttachResult>;
  /** A manager's written word about an open payment; it changes no payment (money rule 13). */
  writeResolution(options: {
    staff: DeskStaff;
    attemptId: string;
    request: ResolveAttempt;
  }): Promise<ResolveResult>;
  /** Takes up an attempt that only a register's journal knows: it enters as `unknown`, and is asked about. */
  learn(learned: LearnedAttempt): Promise<LearnResult>;
  /** Checks a business day against the gateway; answers with the check that runs. */
  startReconciliation(options: { day?: string | undefined; by: string }): Promise<ReconciliationRow>;
  receiveWebhook(options: { rawBody: string; contentType: string | null }): Promise<WebhookResult>;
}

/** Composes payments on one ledger and one gateway. */
export function createPayments(
  options: Omit<PaymentParts, 'wake' | 'changes' | 'timing' | 'crashPoint' | 'stopwatch'> & {
    readonly timeScale: number;
    readonly callTimeoutMs: number;
    readonly crashPoint?: (name: string) => void;
    /** Milliseconds from any beginning, never set back. */
    readonly monotonicNow?: () => number;
    /** This machine's clock, which a suspended machine's monotonic clock falls behind. */
    readonly wallNow: () => number;
  }
): Payments {
  const changes = createChanges({ outside: options.ledger.notices, heardOutside: () => worker.wake() });
  const timing = createTiming({ timeScale: options.timeScale, callTimeoutMs: options.callTimeoutMs });
  const submits = new Set<Promise<void>>();
  const parts: PaymentParts = {
    ledger: options.ledger,
    gateway: options.gateway,
    identity: options.identity,
    log: options.log,
    digestKey: options.digestKey,
    mode: options.mode,
    timing,
    changes,
    stopwatch: createStopwatch({
      monotonicNow: options.monotonicNow ?? (() => performance.now()),
      wallNow: options.wallNow
    }),
    crashPoint: options.crashPoint ?? (() => undefined),
    wake: () => worker.wake()
  };
  const owner = randomBytes(8).toString('hex');
  const worker = createWorker({ parts, owner });
  const reconciler = createReconciler({ parts, owner });
  // As long as one call may take, and a little for the worker to get there.
  const confirmWithinMs = options.callTimeoutMs + 1000;

  const submit = (row: AttemptRow, paymentCode: string, description: string): void => {
    const under = submitOnce({ parts, row, paymentCode, description })
      .catch((error: unknown) => {
        // The row says what is known; the worker asks the gateway for the rest.
        parts.log.error({ attempt: row.id, error }, 'a submit broke; the attempt is asked about');
        parts.wake();
      })
      .finally(() => submits.delete(under));
    submits.add(under);
  };

  return {
    timing,
    changes,
    start() {
      worker.start();
      reconciler.start();
    },
    async stop() {
      changes.close();
      while (submits.size > 0) await Promise.all(submits);
      await Promise.all([worker.stop(), reconciler.stop()]);
    },
    async request({ sender, request }) {
      const result = await requestPayment({ parts, sender, request });
      if (!result.ok) return result;
      if (result.fresh) submit(result.row, request.paymentCode, result.description);
      return { ok: true, row: result.row };
    },
    giveUp: ({ sender, attemptId, orderId }) => voidAttempt({ parts, sender, attemptId, orderId }),
    stopPayment: ({ attemptId, staffName }) => stopPayment({ parts, attemptId, staffName }),
    askNow: ({ attemptId }) => askNow({ parts, attemptId }),
    async requestRefund({ staff, request, confirmedBy }) {
      const { attemptId, refundId } = request;
      // Asked for again: the refund is there, and its answer is what it was.
      if (await isRefund(options.ledger, refundId)) return requestRefund({ parts, staff, request });
      const confirmed = await confirmLateMoney({ parts, attemptId, withinMs: confirmWithinMs });
      return confirmed.ok ? requestRefund({ parts, staff, request, confirmedBy }) : confirmed;
    },
    async attachLateMoney({ staff, attemptId }) {
      const confirmed = await confirmLateMoney({ parts, attemptId, withinMs: confirmWithinMs });
      return confirmed.ok ? attachLateMoney({ parts, staff, attemptId }) : confirmed;
    },
    writeResolution: ({ staff, attemptId, request }) => writeResolution({ parts, staff, attemptId, request }),
    async startReconciliation({ day, by }) {
      const row = await startReconciliation({ parts, day, by });
      reconciler.wake();
      return row;
    },
    learn: (learned) => learnAttempt({ parts, learned }),
    payRefundInCash: (payout) => payRefundInCash({ parts, ...payout }),
    askRefundNow: ({ refundId }) => askRefundNow({ parts, refundId }),
    receiveWebhook: ({ rawBody, contentType }) => receiveWebhook({ parts, rawBody, contentType })
  };
}

async function isRefund(ledger: Ledger, id: string): Promise<boolean> {
  const row = await ledger.db.selectFrom('refunds').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}
