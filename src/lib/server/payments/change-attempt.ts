/**
 * The one place where an attempt's row changes: read under the transaction's lock, decided by a pure function, written
 * with its event in the same commit. Whoever comes with older evidence decides anew on what stands now.
 */
import type { Insertable, Updateable } from 'kysely';
import { isOpen, nextAttemptState, type AttemptEvent, type AttemptState } from '$lib/payment/states';
import type { Evidence, PaymentFacts } from '../gateway/port';
import type { LedgerTransaction } from '../ledger/ledger';
import type { AttemptsTable, EventsTable } from '../ledger/schema';
import { raiseAfterEnd } from './after-end';
import { raiseForgotten } from './forgotten';
import type { AttemptRow, PaymentParts } from './parts';
import { raiseTask, type RaisedTask } from './tasks';

/** What is to happen to an attempt. */
export interface AttemptChange {
  /** The evidence's name for the state machine, or null where the state stays. */
  readonly event: AttemptEvent | null;
  /** For the timeline: what was heard, where the state machine's event does not say it. */
  readonly what?: string;
  readonly set: Omit<Updateable<AttemptsTable>, 'state' | 'version' | 'ended_at_ms' | 'fail_reason'>;
  readonly evidence?: Evidence;
  /** Our own words on the evidence, written down before the gateway's. */
  readonly message?: string;
  readonly task?: RaisedTask;
  /** Money of a payment that was shut as one that never arrived. */
  readonly forgotten?: PaymentFacts;
}

/** A change that was made already is found on the row, and decided about anew. */
const again = { repeatable: true } as const;

/** Decides on the row as it stands; null: nothing to change. It may be asked twice: what it notes, it notes anew. */
export type DecideAttempt = (row: AttemptRow) => AttemptChange | null;

/**
 * Applies a decision and tells whoever waits.
 *
 * @param options.actor who or what did it: `worker`, `webhook`, a staff id
 * @returns the row after the change
 */
export async function changeAttempt(options: {
  parts: PaymentParts;
  id: string;
  actor: string;
  decide: DecideAttempt;
  /** More of the same commit, e.g. the cancel's own row. */
  also?: (trx: LedgerTransaction, after: AttemptRow) => Promise<void>;
}): Promise<AttemptRow> {
  const { parts, also } = options;
  const { row, changed } = await parts.ledger.transaction(async (trx) => {
    const result = await changeAttemptWithin({ ...options, trx });
    if (result.changed) await also?.(trx, result.row);
    return result;
  }, again);
  if (changed) {
    parts.changes.happened({ kind: 'attempt', id: row.id, version: row.version });
    parts.changes.happened({ kind: 'order', id: row.order_id, version: null });
  }
  return row;
}

/** The same as part of a larger commit, whose owner tells whoever waits. */
export async function changeAttemptWithin(options: {
  trx: LedgerTransaction;
  parts: PaymentParts;
  id: string;
  actor: string;
  decide: DecideAttempt;
}): Promise<{ row: AttemptRow; changed: boolean }> {
  const { trx, parts, id, actor, decide } = options;
  const before = await lockAttempt(trx, id);
  const change = decide(before);
  if (change === null) return { row: before, changed: false };
  return { row: await writeChange({ trx, parts, before, change, actor }), changed: true };
}

/** Reads the row for a change in the same transaction, and keeps others from it until that ends. */
export function lockAttempt(trx: LedgerTransaction, id: string): Promise<AttemptRow> {
  return trx.selectFrom('attempts').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

async function writeChange(options: {
  trx: LedgerTransaction;
  parts: PaymentParts;
  before: AttemptRow;
  change: AttemptChange;
  actor: string;
}): Promise<AttemptRow> {
  const { trx, parts, before, change, actor } = options;
  const now = parts.ledger.nowMs();
  const state: AttemptState =
    change.event === null ? before.state : nextAttemptState(before.state, change.event);
  const ends = isOpen(before.state) && !isOpen(state);
  const set: Updateable<AttemptsTable> = { ...change.set, state, version: before.version + 1 };
  // Late money counts on the day on which it is attached: a day that is over keeps its figures.
  if (ends || (state !== before.state && (state === 'paid_late' || state === 'attached')))
    set.ended_at_ms = now;
  if (change.event?.type === 'proven_failed') set.fail_reason = change.event.reason;
  if (change.event?.type === 'nothing_sent') set.fail_reason = 'not_sent';
  const after = await trx
    .updateTable('attempts')
    .set(set)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const what = change.what ?? change.event?.type;
  if (what !== undefined) {
    await appendEvent(trx, {
      at_ms: now,
      subject: 'attempt',
      subject_id: before.id,
      order_id: before.order_id,
      what: state === 'paid_late' && before.state !== state ? 'late_money_found' : what,
      actor,
      from_state: before.state,
      to_state: state,
      amount_minor: before.amount_minor,
      ...evidenceColumns(change.evidence, change.message)
    });
  }
  if (change.task !== undefined) {
    await raiseTask(trx, {
      task: change.task,
      id: before.id,
      attemptId: before.id,
      orderId: before.order_id,
      now
    });
  }
  if (change.forgotten !== undefined) {
    await raiseForgotten({ trx, row: before, facts: change.forgotten, now });
  }
  if (ends) await raiseAfterEnd({ trx, after, now });
  return after;
}

/** Appends to the record of who did what, with which proof. */
export async function appendEvent(trx: LedgerTransaction, event: Insertable<EventsTable>): Promise<void> {
  await trx.insertInto('events').values(event).execute();
}

/** The proof's part of an event, and what we say of it. */
export function evidenceColumns(
  evidence: Evidence | undefined,
  ownWords?: string
): Pick<Insertable<EventsTable>, 'method' | 'psn' | 'code' | 'raw_sha256' | 'message'> {
  if (evidence === undefined) return { message: ownWords ?? null };
  return {
    method: evidence.method,
    psn: evidence.psn,
    code: evidence.code,
    raw_sha256: evidence.rawSha256,
    message: ownWords === undefined ? evidence.message : inWords(ownWords, evidence)
  };
}

/** Ours, then the gateway's. */
function inWords(ownWords: string, { code, message }: Evidence): string {
  // Of the call, not of the money: beside what is wrong with the answer it would be taken for the money's.
  const onlyUnderstood = code === '0' && message?.toLowerCase() === 'success';
  return message === null || onlyUnderstood ? ownWords : `${ownWords} · ${message}`;
}
