import type { Catalogue, Product } from '$lib/catalogue/product';

/** Time and timers, injected: `browserClock()` in the page, a scripted one in tests. */
export interface Clock {
  /** Milliseconds since 1970, by the machine's clock: shown to people, never used to measure. */
  now(): number;
  /** Milliseconds that only ever grow: what durations are measured with. */
  monotonic(): number;
  /** Runs once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** 128 random bits as 32 lower-case hex digits. */
export type NewId = () => string;

/** A product as the register's screens know it. */
export type CatalogueProduct = Product;
/** The whole catalogue as the register's screens know it. */
export type WireCatalogue = Catalogue;

/** The moment as ISO 8601, UTC: for people. */
export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

/** The page's own clock. */
export function browserClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    }
  };
}

/** 128 random bits from the browser. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0')
  ).join('');
}

/** Waits; ends early, without an error, when the signal is aborted. */
export function delay({
  clock,
  ms,
  signal
}: {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const finish = () => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
