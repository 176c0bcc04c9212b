/** This register's settings in the page, as its browser keeps them. All its tabs share them. */
import type { Kept } from '$lib/journal/kept';
import { defaultSettings, readSettings, type RegisterSettings } from './settings';

export class KeptSettings {
  readonly #kept: () => Kept | null;
  #current = $state.raw<RegisterSettings>(defaultSettings);

  /** @param kept null where this browser keeps nothing */
  constructor(kept: () => Kept | null) {
    this.#kept = kept;
  }

  get current(): RegisterSettings {
    return this.#current;
  }

  /** Reads them afresh: another tab may have changed them. @throws JournalUnavailable */
  async read(): Promise<void> {
    const kept = this.#kept();
    if (kept !== null) this.#current = readSettings(await kept.read('settings'));
  }

  /** Changes these and no others: what another tab has changed since stays as it is. */
  change(settings: Partial<RegisterSettings>): void {
    this.#current = { ...this.#current, ...settings };
    void this.#kept()
      ?.change('settings', (before) => ({ ...readSettings(before), ...settings }))
      .catch(() => undefined);
  }
}
