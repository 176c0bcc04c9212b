/**
 * What must hold whatever happened: I1 to I10 of the fault catalogue, read off the ledger and the gateway's own book.
 * The tables of lawful moves are written here once more, by hand: the program's own state machine is what is judged.
 */
import type { Selectable } from 'kysely';
import type { Ledger } from '$lib/server/ledger/ledger';
import type {
  AttemptsTable,
  CancelsTable,
  EventsTable,
  InboxTable,
  RefundsTable,
  TasksTable
} from '$lib/server/ledger/schema';
import type { Book } from './book';

export interface LedgerPicture {
  readonly attempts: Selectable<AttemptsTable>[];
  readonly refunds: Selectable<RefundsTable>[];
  readonly cancels: Selectable<CancelsTable>[];
  readonly events: Selectable<EventsTable>[];
  readonly inbox: Selectable<InboxTable>[];
  readonly tasks: Selectable<TasksTable>[];
}

export async function pictureOf(ledger: Ledger): Promise<LedgerPicture> {
  const { db } = ledger;
  return {
    attempts: await db.selectFrom('attempts').selectAll().orderBy('created_at_ms').execute(),
    refunds: await db.selectFrom('refunds').selectAll().orderBy('created_at_ms').execute(),
    cancels: await db.selectFrom('cancels').selectAll().orderBy('id').execute(),
    events: await db.selectFrom('events').selectAll().orderBy('id').execute(),
    inbox: await db.selectFrom('inbox').selectAll().orderBy('id').execute(),
    tasks: await db.selectFrom('tasks').selectAll().orderBy('id').execute()
  };
}

const openStates = ['intent', 'submitted', 'paying', 'unknown', 'cancelling'];
const openRefundStates = ['intent', 'submitted', 'refunding', 'unknown', 'waiting_funds'];
const moneyStates = ['succeeded', 'paid_late', 'attached', 'refunded'];

/** From → to. `null`: the row's first state. */
const lawfulMoves: Record<string, readonly string[]> = {
  none: ['intent', 'void'],
  intent: ['submitted', 'failed'],
  submitted: ['paying', 'unknown', 'cancelling', 'succeeded', 'failed', 'cancelled'],
  paying: ['unknown', 'cancelling', 'succeeded', 'failed', 'cancelled'],
  unknown: ['paying', 'cancelling', 'succeeded', 'failed', 'cancelled'],
  cancelling: ['succeeded', 'failed', 'cancelled'],
  failed: ['paid_late'],
  cancelled: ['paid_late'],
  paid_late: ['attached', 'refunded'],
  succeeded: [],
  void: [],
  attached: [],
  refunded: []
};
const lawfulRefundMoves: Record<string, readonly string[]> = {
  none: ['intent'],
  intent: ['submitted'],
  submitted: ['intent', 'unknown', 'refunding', 'waiting_funds', 'succeeded', 'failed'],
  refunding: ['unknown', 'waiting_funds', 'succeeded', 'failed'],
  unknown: ['submitted', 'refunding', 'waiting_funds', 'succeeded', 'failed'],
  waiting_funds: ['submitted', 'refunding', 'unknown', 'succeeded', 'failed'],
  succeeded: [],
  failed: []
};

/**
 * Everything that is wrong, one sentence each, with its invariant in front; empty where all is well.
 *
 * @param options.quiet after all faults healed and nothing is due: I6 and I8 are asked too
 */
export function violationsOf(options: { picture: LedgerPicture; book: Book; quiet: boolean }): string[] {
  const { picture, book, quiet } = options;
  return [
    ...intentBeforeSend(picture, book),
    ...oneCharge(picture, book),
    ...lawful(picture),
    ...refundsWithinPaid(picture, book),
    ...audited(picture),
    ...(quiet ? [...allEnded(picture), ...ledgerAgainstBook(picture, book).sentences] : [])
  ];
}

/** I1: what reached the gateway stands in the ledger, as sent. That it stood there before is checked at each call. */
function intentBeforeSend({ attempts, refunds }: LedgerPicture, book: Book): string[] {
  const found: string[] = [];
  for (const number of book.submitsByNumber.keys()) {
    const row = attempts.find((attempt) => attempt.merchant_order_no === number);
    if (row === undefined)
      found.push(`I1: the gateway was asked for ${number}, which the ledger does not know`);
    else if (row.submitted_at_ms === null) found.push(`I1: ${number} was sent and its row does not say so`);
  }
  for (const number of book.refunds.keys()) {
    const row = refunds.find((refund) => refund.merchant_order_no === number);
    if (row === undefined) found.push(`I1: refund ${number} was sent and the ledger does not know it`);
  }
  return found;
}

/** I2: one submit and one charge per attempt, one open attempt per order at any time. */
function oneCharge({ attempts, events }: LedgerPicture, book: Book): string[] {
  const found: string[] = [];
  for (const [number, submits] of book.submitsByNumber) {
    if (submits > 1) found.push(`I2: ${number} was submitted ${submits} times`);
  }
  for (const payment of book.payments.values()) {
    if (payment.charges > 1) found.push(`I2: ${payment.number} was charged ${payment.charges} times`);
  }
  const orderOf = new Map(attempts.map((attempt) => [attempt.id, attempt.order_id]));
  const open = new Map<string, string>();
  for (const event of events) {
    if (event.subject !== 'attempt' || event.to_state === null) continue;
    const order = orderOf.get(event.subject_id);
    if (order === undefined) continue;
    const holder = open.get(order);
    if (openStates.includes(event.to_state)) {
      if (holder !== undefined && holder !== event.subject_id) {
        found.push(`I2: order ${order} has two open attempts, ${holder} and ${event.subject_id}`);
      }
      open.set(order, event.subject_id);
    } else if (holder === event.subject_id) open.delete(order);
  }
  return found;
}

/** I3: states move along the drawn lines only, each from where the last one ended, and ends with evidence. */
function lawful({ events }: LedgerPicture): string[] {
  const found: string[] = [];
  const at = new Map<string, string>();
  for (const event of events) {
    if (event.subject !== 'attempt' && event.subject !== 'refund') continue;
    if (event.to_state === null) continue;
    const before = at.get(event.subject_id) ?? 'none';
    const from = event.from_state ?? 'none';
    if (from !== before) {
      found.push(
        `I3: ${event.subject} ${event.subject_id} was ${before}, the event "${event.what}" says ${from}`
      );
    }
    if (event.to_state !== from) {
      const moves = event.subject === 'attempt' ? lawfulMoves : lawfulRefundMoves;
      if (moves[from]?.includes(event.to_state) !== true) {
        found.push(`I3: ${event.subject} ${event.subject_id} went from ${from} to ${event.to_state}`);
      }
      const proven = [
        'proven_paid',
        'proven_cancelled',
        'proven_failed',
        'late_money_found',
        'proven_refunded'
      ];
      const question = event.subject === 'attempt' ? 'order.query' : 'order.refund.query';
      if (proven.includes(event.what) && event.method !== question) {
        found.push(`I3: ${event.subject_id} ended (${event.what}) without a query's answer`);
      }
    }
    at.set(event.subject_id, event.to_state);
  }
  return found;
}

/** I4: never more given back than was paid, in the ledger and in the book. */
function refundsWithinPaid({ attempts, refunds }: LedgerPicture, book: Book): string[] {
  const found: string[] = [];
  for (const attempt of attempts) {
    const promised = refunds
      .filter((refund) => refund.attempt_id === attempt.id && refund.state !== 'failed')
      .reduce((sum, refund) => sum + refund.amount_minor, 0);
    if (promised > 0 && !moneyStates.includes(attempt.state)) {
      found.push(
        `I4: ${promised} are being given back of a payment that is ${attempt.state} (${attempt.id})`
      );
    }
    if (promised > attempt.amount_minor) {
      found.push(`I4: ${promised} are being given back of ${attempt.amount_minor} (${attempt.id})`);
    }
    const open = refunds.filter(
      (refund) => refund.attempt_id === attempt.id && openRefundStates.includes(refund.state)
    );
    if (open.length > 1) found.push(`I4: ${open.length} refunds of ${attempt.id} are on their way at once`);
  }
  for (const payment of book.payments.values()) {
    const back = book.refundedMinor(payment.number);
    if (back > book.takenMinor(payment.number)) {
      found.push(`I4: the wallet gave back ${back} of ${payment.amountMinor} (${payment.number})`);
    }
  }
  return found;
}

/** I10: the record of events leads to the state of each row. */
function audited({ attempts, refunds, events }: LedgerPicture): string[] {
  const last = new Map<string, string>();
  for (const event of events) {
    if (event.to_state !== null) last.set(`${event.subject}:${event.subject_id}`, event.to_state);
  }
  return [
    ...attempts.map((row) => ({ key: `attempt:${row.id}`, state: row.state })),
    ...refunds.map((row) => ({ key: `refund:${row.id}`, state: row.state }))
  ]
    .filter(({ key, state }) => last.get(key) !== state)
    .map(({ key, state }) => `I10: ${key} is ${state}, its events say ${last.get(key) ?? 'nothing'}`);
}

/** I6: once the gateway can be reached, everything ends. */
function allEnded({ attempts, refunds }: LedgerPicture): string[] {
  return [
    ...attempts
      .filter((row) => openStates.includes(row.state))
      .map((row) => `I6: attempt ${row.id} is still ${row.state}`),
    ...refunds
      .filter((row) => openRefundStates.includes(row.state))
      .map((row) => `I6: refund ${row.id} is still ${row.state}`)
  ];
}

/** I8: what the ledger holds for taken and given back is what the wallets paid and got. */
export function ledgerAgainstBook(
  { attempts, refunds }: LedgerPicture,
  book: Book
): { readonly differenceMinor: number; readonly sentences: string[] } {
  const sentences: string[] = [];
  let differenceMinor = 0;
  const numbers = new Set([...attempts.map((row) => row.merchant_order_no), ...book.payments.keys()]);
  for (const number of numbers) {
    const row = attempts.find((attempt) => attempt.merchant_order_no === number);
    // Late money that the gateway itself sent back ends as refunded with no refund of ours.
    const sentBack = row?.state === 'refunded' && !refunds.some((refund) => refund.attempt_id === row.id);
    const ours = row !== undefined && moneyStates.includes(row.state) && !sentBack ? row.amount_minor : 0;
    const theirs = book.takenMinor(number);
    if (ours === theirs) continue;
    differenceMinor += Math.abs(ours - theirs);
    sentences.push(
      `I8: ${number} is ${ours} (${row?.state ?? 'unknown'}) in the ledger, ${theirs} in the book`
    );
  }
  const refundNumbers = new Set([...refunds.map((row) => row.merchant_order_no), ...book.refunds.keys()]);
  for (const number of refundNumbers) {
    const row = refunds.find((refund) => refund.merchant_order_no === number);
    const given = row !== undefined && (row.state === 'succeeded' || row.given_back_minor !== null);
    const ours = given ? row.amount_minor : 0;
    const entry = book.refunds.get(number);
    const theirs = entry?.status === 'done' ? entry.amountMinor : 0;
    if (ours === theirs) continue;
    differenceMinor += Math.abs(ours - theirs);
    sentences.push(
      `I8: refund ${number} is ${ours} (${row?.state ?? 'unknown'}) in the ledger, ${theirs} in the book`
    );
  }
  return { differenceMinor, sentences };
}

/** I8 alone. @throws with one sentence per difference */
export async function assertLedgerEqualsBook(options: { ledger: Ledger; book: Book }): Promise<void> {
  const { sentences } = ledgerAgainstBook(await pictureOf(options.ledger), options.book);
  if (sentences.length > 0) throw new Error(sentences.join('\n'));
}

/** All of them. @throws with one sentence per violation */
export async function assertInvariants(options: {
  ledger: Ledger;
  book: Book;
  quiet: boolean;
  /** What was seen wrong on the way (I1, I7). */
  seen?: readonly string[];
}): Promise<void> {
  const { ledger, book, quiet, seen = [] } = options;
  const found = [...seen, ...violationsOf({ picture: await pictureOf(ledger), book, quiet })];
  if (found.length > 0) throw new Error(found.join('\n'));
}
