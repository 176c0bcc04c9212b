import type { Journal } from '$lib/journal/journal';
import type { Shop } from '$lib/wire/shop';
import type { Clock } from './ports';
import type { ParkedOrder } from './sales';

/** The orders that wait at this register, as its journal had them last. */
export class ParkedOrders {
  readonly #clock: Clock;
  #list = $state.raw<readonly ParkedOrder[]>([]);

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  get list(): readonly ParkedOrder[] {
    return this.#list;
  }

  /** Reads them anew. */
  async refresh(journal: Journal | null, shop: Shop | undefined): Promise<void> {
    if (journal === null || shop === undefined) return;
    try {
      // what was just seen of their payments is on its way into the journal
      await journal.settled();
      if ((await journal.waitingOrders()).length === 0) {
        this.#list = [];
        return;
      }
      // the screen is drawn without it: fetched when the first order waits, or is sold
      const { parkedOrders } = await import('./sales');
      this.#list = await parkedOrders({ journal, shop, nowMs: this.#clock.now() });
    } catch {
      // a list that can't be read now stays as it was: nothing depends on it
    }
  }
}
