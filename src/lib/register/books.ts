import type { DiskRoom } from './disk';
import type { JournalDesk } from './journal-desk.svelte';

/** How the register's journal is kept. */
export interface Books {
  /** True while a payment is at the counter: then nothing of Till may be renewed or upgraded. */
  readonly hasPaymentAtCounter: boolean;
  /** Whether the browser promised to keep the journal, and how much room it has; null before it answered. */
  readonly diskRoom: DiskRoom | null;
  /** What the journal's page shows and does; null while there is no journal. */
  openJournalDesk(): Promise<JournalDesk | null>;
}
