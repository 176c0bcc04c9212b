import type * as v from 'valibot';
import type { catalogueSchema } from '$lib/wire/shop';

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

export type WireCatalogue = v.InferOutput<typeof catalogueSchema>;
export type CatalogueProduct = WireCatalogue['products'][number];
