/**
 * Keeps the journal's way to the server open in the tab that writes: also where nobody is signed in, or this browser was
 * replaced and still holds entries.
 */
import { registerOfWaiting } from '$lib/journal/outbox';
import type { JournalDatabase } from '$lib/journal/database';
import type { Clock } from './ports';
import type { Station } from './station.svelte';
import type { openSync, Sync } from './sync.svelte';

export class SyncKeeper {
  readonly #clock: Clock;
  readonly #load: (() => Promise<typeof openSync>) | undefined;
  #sync = $state.raw<Sync | null>(null);

  constructor({
    clock,
    loadSync
  }: {
    readonly clock: Clock;
    readonly loadSync?: (() => Promise<typeof openSync>) | undefined;
  }) {
    this.#clock = clock;
    this.#load = loadSync;
  }

  /** Null in a tab that does not write. */
  get sync(): Sync | null {
    return this.#sync;
  }
  wake(): void {
    this.#sync?.wake();
  }

  /**
   * Opens it where it should be, and ends it where it should not.
   *
   * @param registerId whose journal; null: that of the entries that wait
   * @param mayWrite asked again after every wait
   * @param station what this tab writes, and what sells with it
   */
  async ensure({
    database,
    registerId,
    mayWrite,
    station
  }: {
    readonly database: JournalDatabase | null;
    readonly registerId: string | null;
    readonly mayWrite: () => boolean;
    readonly station: Pick<Station, 'journal' | 'counter' | 'hasPaymentAtCounter'>;
  }): Promise<void> {
    if (this.#load === undefined || database === null) return;
    if (!mayWrite()) {
      this.end();
      return;
    }
    try {
      const whose = registerId ?? (await registerOfWaiting(database));
      if (whose === null || this.#sync?.registerId === whose) return;
      const open = await this.#load();
      if (!mayWrite()) return;
      this.end();
      this.#sync = open({
        database,
        registerId: whose,
        clock: this.#clock,
        onAllThere: async (mayLeave) => {
          const { journal } = station;
          if (journal?.registerId !== whose || mayLeave.every(({ upTo }) => upTo === 0)) return;
          const { letOldGo } = await import('./let-old-go');
          const left = await letOldGo({
            database,
            journal,
            clock: this.#clock,
            mayLeave,
            mayNow: () => mayWrite() && station.journal === journal && !station.hasPaymentAtCounter,
            onCounter: () => station.counter?.order.order?.orderId ?? null
          });
          // a checkpoint was written, and goes as any other entry
          if (left > 0) this.wake();
        }
      });
      this.#sync.start();
    } catch {
      // its code or the journal can't be read now: looked at again with the next probe
    }
  }

  end(): void {
    void this.#sync?.stop();
    this.#sync = null;
  }
}
