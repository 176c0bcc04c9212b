/** The registers' journals on the server: takes them, and has attempts that only a journal knows asked about. */
import type { AttemptState } from '$lib/payment/states';
import { attemptStates } from '$lib/payment/states';
import type { JournalStanding, SendJournal } from '$lib/wire/journal';
import type { Ledger } from '../ledger/ledger';
import type { JournalAttemptsTable } from '../ledger/schema-journal';
import type { Payments } from '../payments/payments';
import type { JournalSender } from './journal-sender';
import { readStanding, receiveJournal } from './receive';

/**
 * How long a request for money may still be on its way when its journal entry is here already. The register gives up on
 * its request after 15 s; one that comes later than this finds its attempt taken up, and is refused.
 */
export const usualGraceMs = 45_000;
/** With another attempt open on the same order, one waits for the other. */
const busyAgainMs = 5_000;
const lookEveryMs = 5_000;
const mostAtOnce = 100;

export interface JournalDesk {
  start(): void;
  stop(): Promise<void>;
  /** Takes a batch. @returns where the chain stands now */
  receive(options: { readonly sender: JournalSender; readonly batch: SendJournal }): Promise<JournalStanding>;
  standing(options: { readonly registerId: string; readonly epoch: number }): Promise<JournalStanding>;
  /** Takes up the attempts that are due to be: the ledger does not know them, and no request of theirs can come. */
  learnDue(): Promise<void>;
}

export function createJournalDesk({
  ledger,
  payments,
  log,
  graceMs = usualGraceMs
}: {
  readonly ledger: Ledger;
  readonly payments: Pick<Payments, 'learn' | 'changes'>;
  readonly log: { error(facts: Record<string, unknown>, text: string): void };
  readonly graceMs?: number;
}): JournalDesk {
  let timer: NodeJS.Timeout | null = null;
  let learning: Promise<void> = Promise.resolve();

  async function learnAll(): Promise<void> {
    const rows = await ledger.db
      .selectFrom('journal_attempts')
      .selectAll()
      .where('learn_after_ms', '<=', ledger.nowMs())
      .orderBy('requested_at_ms')
      .limit(mostAtOnce)
      .execute();
    // Of two on one order the one that the register saw paid goes first: it is what the counter needs to be true.
    const paidFirst = rows.toSorted((one, other) => Number(isPaid(other)) - Number(isPaid(one)));
    for (const row of paidFirst) {
      const result = await payments.learn({
        attemptId: row.attempt_id,
        orderId: row.order_id,
        orderRevision: row.order_revision,
        registerId: row.register_id,
        amountMinor: row.amount_minor,
        currency: row.currency,
        codeLast4: row.code_last4,
        requestedAtMs: row.requested_at_ms,
        seenState: stateOf(row)
      });
      const now = ledger.nowMs();
      await ledger.db
        .updateTable('journal_attempts')
        .set({
          learn_after_ms: result === 'busy' ? now + busyAgainMs : null,
          ...(result === 'learned' ? { learned_at_ms: now } : {})
        })
        .where('attempt_id', '=', row.attempt_id)
        .execute();
    }
  }

  function learnDue(): Promise<void> {
    learning = learning.then(learnAll).catch((error: unknown) => {
      // The rows are still due: nothing is lost by a look that broke.
      log.error({ error }, 'attempts from a journal could not be taken up; it is tried again');
    });
    return learning;
  }

  return {
    start() {
      timer ??= setInterval(() => void learnDue(), lookEveryMs).unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await learning;
    },
    async receive({ sender, batch }) {
      const received = await receiveJournal({ ledger, sender, batch, graceMs });
      for (const id of received.changedOrders)
        payments.changes.happened({ kind: 'order', id, version: null });
      if (received.attemptsToLearn) void learnDue();
      return received.standing;
    },
    standing: ({ registerId, epoch }) => readStanding(ledger.db, { registerId, epoch, now: ledger.nowMs() }),
    learnDue
  };
}

function isPaid(row: Pick<JournalAttemptsTable, 'seen_state'>): boolean {
  return row.seen_state === 'succeeded' || row.seen_state === 'attached';
}

function stateOf({ seen_state }: Pick<JournalAttemptsTable, 'seen_state'>): AttemptState | null {
  return attemptStates.find((state) => state === seen_state) ?? null;
}
