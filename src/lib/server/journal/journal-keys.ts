/** The public halves of the keys that registers sign their exported journals with. Kept over every enrolment. */
import type { Ledger } from '$lib/server/ledger/ledger';
import type { JournalKeys } from '$lib/wire/journal-keys';
import type { Register } from '$lib/wire/shop';

export interface JournalKeyBook {
  enrol(key: { readonly register: Register; readonly publicKey: string }): Promise<void>;
  /** Oldest first. */
  of(registerId: string): Promise<JournalKeys['keys']>;
}

export function createJournalKeys({ ledger }: { readonly ledger: Ledger }): JournalKeyBook {
  return {
    async enrol({ register: { registerId, epoch }, publicKey }) {
      const row = { register_id: registerId, epoch, public_key: publicKey, received_at_ms: ledger.nowMs() };
      await ledger.transaction((trx) =>
        trx
          .insertInto('journal_keys')
          .values(row)
          .onConflict((conflict) => conflict.columns(['register_id', 'epoch', 'public_key']).doNothing())
          .execute()
      );
    },
    async of(registerId) {
      const rows = await ledger.db
        .selectFrom('journal_keys')
        .select(['register_id', 'epoch', 'public_key'])
        .where('register_id', '=', registerId)
        .orderBy('received_at_ms')
        .execute();
      return rows.map((row) => ({
        registerId: row.register_id,
        epoch: row.epoch,
        publicKey: row.public_key
      }));
    }
  };
}
