/** Tells whoever waits that an attempt or a refund changed. What changed is read from the ledger, never sent here. */

export interface Changes {
  /** Something about this id was committed. */
  happened(id: string): void;
  /** Ends at the next change of the id, when the time is up, or when the signal aborts; whichever comes first. */
  next(options: { id: string; withinMs: number; signal?: AbortSignal }): Promise<void>;
  /** Lets everybody go who still waits, and whoever comes after. */
  close(): void;
}

export function createChanges(): Changes {
  let closed = false;
  const waiting = new Map<string, Set<() => void>>();
  const release = (id: string): void => {
    const waiters = waiting.get(id);
    waiting.delete(id);
    for (const resume of waiters ?? []) resume();
  };
  return {
    happened: release,
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
    }
  };
}
