/** Tells whoever waits that an attempt or a refund changed. What changed is read from the ledger, never sent here. */
import type { Change } from '$lib/wire/changes';

/** Hears of every change, until it takes its ear away or the server stops. */
export interface ChangeListener {
  changed(change: Change): void;
  /** The server stops: nothing more will be heard. */
  closed(): void;
}

export interface Changes {
  /** This was committed. */
  happened(change: Change): void;
  /** Hears of everything from now on. @returns what ends it; a listener that comes after the stop is closed at once */
  subscribe(listener: ChangeListener): () => void;
  /** Ends at the next change of the id, when the time is up, or when the signal aborts; whichever comes first. */
  next(options: { id: string; withinMs: number; signal?: AbortSignal }): Promise<void>;
  /** Lets everybody go who still waits, and whoever comes after. */
  close(): void;
}

export function createChanges(): Changes {
  let closed = false;
  const waiting = new Map<string, Set<() => void>>();
  const listeners = new Set<ChangeListener>();
  const release = (id: string): void => {
    const waiters = waiting.get(id);
    waiting.delete(id);
    for (const resume of waiters ?? []) resume();
  };
  return {
    happened(change) {
      release(change.id);
      for (const listener of [...listeners]) listener.changed(change);
    },
    subscribe(listener) {
      if (closed) listener.closed();
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    next({ id, withinMs, signal }) {
      return new Promise((resolve) => {
        if (closed || signal?.aborted === true) return resolve();
        const waiters = waiting.get(id) ?? new Set();
        const resume = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', resume);
          waiters.delete(resume);
          if (waiters.size === 0 && waiting.get(id) === waiters) waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(resume, withinMs);
        signal?.addEventListener('abort', resume);
        waiters.add(resume);
        waiting.set(id, waiters);
      });
    },
    close() {
      closed = true;
      for (const id of [...waiting.keys()]) release(id);
      const leaving = [...listeners];
      listeners.clear();
      for (const listener of leaving) listener.closed();
    }
  };
}
