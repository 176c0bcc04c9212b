/** Tells something to whoever listens. */
import { type Unsubscribe } from './port';

/** One thing that is told over and over. */
export interface Feed<Told> {
  readonly tell: (told: Told) => void;
  readonly listen: (listener: (told: Told) => void) => Unsubscribe;
  /** Whether anybody listens: what nobody hears need not be made. */
  readonly heard: () => boolean;
  /** Forgets all listeners. */
  readonly close: () => void;
}

/** Starts a feed that nobody listens to yet. */
export function createFeed<Told>(): Feed<Told> {
  const listeners = new Set<(told: Told) => void>();
  return {
    tell(told) {
      for (const listener of [...listeners]) listener(told);
    },
    listen(listener) {
      // Wrapped, so that the same function may listen twice and stop once.
      const own = (told: Told): void => listener(told);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    heard: () => listeners.size > 0,
    close: () => listeners.clear()
  };
}
