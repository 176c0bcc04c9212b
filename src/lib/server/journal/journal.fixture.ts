/** A register of the tests' shop and its journal, as a browser would write it. */
import { appendTo } from '$lib/chain/hash';
import { toJsonObject } from '$lib/chain/canonical-json';
import type { EntryKind, JournalEntry } from '$lib/chain/entry';
import type { OrderEvent } from '$lib/order/events';
import type { AttemptState } from '$lib/payment/states';
import type { Ledger } from '../ledger/ledger';
import { sender as shopSender } from '../payments/shop.fixture';
import type { JournalSender } from './journal-sender';

export const journalSender: JournalSender = {
  registerId: shopSender.registerId,
  code: shopSender.registerCode,
  epoch: 1,
  current: true
};

/** The register of `shop.fixture`, as an enrolment leaves it. */
export async function enrolRegister(ledger: Ledger): Promise<void> {
  await ledger.db
    .insertInto('registers')
    .values({
      id: shopSender.registerId,
      code: shopSender.registerCode,
      name: 'Front',
      epoch: 1,
      token_sha256: 'x',
      enrolled_at_ms: 0,
      enrolled_by: 'Max'
    })
    .execute();
}

export interface WrittenJournal {
  readonly entries: readonly JournalEntry[];
  write(kind: EntryKind, orderId: string | null, body: object): Promise<JournalEntry>;
  writeOrder(order: { orderId: string; events: readonly OrderEvent[] }): Promise<void>;
  writeRequest(attempt: {
    attemptId: string;
    orderId: string;
    revision?: number;
    amountMinor?: number;
  }): Promise<void>;
  writeSeen(attempt: {
    attemptId: string;
    orderId: string;
    state: AttemptState | 'refused';
    version?: number;
  }): Promise<void>;
}

export function writtenJournal({
  registerId = journalSender.registerId,
  epoch = 1,
  at = '2026-11-23T10:42:00.000Z'
} = {}): WrittenJournal {
  const entries: JournalEntry[] = [];
  const journal: WrittenJournal = {
    entries,
    async write(kind, orderId, body) {
      const draft = { registerId, epoch, at, monotonicMs: 5, kind, orderId, body: toJsonObject(body) };
      const entry = await appendTo<EntryKind>({ head: entries.at(-1) ?? null, draft });
      entries.push(entry);
      return entry;
    },
    async writeOrder({ orderId, events }) {
      for (const event of events) await journal.write('order_event', orderId, event);
    },
    async writeRequest({ attemptId, orderId, revision = 3, amountMinor = 900 }) {
      await journal.write('attempt_requested', orderId, {
        attemptId,
        orderId,
        orderNumber: 'T1-0001',
        revision,
        amountMinor,
        currency: 'USD',
        codeLast4: '1200'
      });
    },
    async writeSeen({ attemptId, orderId, state, version = 4 }) {
      await journal.write('attempt_seen', orderId, {
        attemptId,
        state,
        version,
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
      });
    }
  };
  return journal;
}
