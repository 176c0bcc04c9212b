/** Tells whoever waits that an attempt or a refund changed. What changed is read from the ledger, never sent here. */
import * as v from 'valibot';
import { changeSchema, type Change } from '$lib/wire/changes';
import type { Notices } from '../ledger/notices';

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

/**
 * @param options.outside the other instances on the same database: they are told too, and what they tell is heard here.
 *   What they say may be lost on the way, so that whoever waits also looks by itself
 * @param options.heardOutside another instance changed something: there may be work
 */
export function createChanges(
  options: { outside?: Notices | null; heardOutside?: () => void } = {}
): Changes {
  const { outside = null, heardOutside } = options;
  let closed = false;
  const waiting = new Map<string, Set<() => void>>();
  const listeners = new Set<ChangeListener>();
  const release = (id: string): void => {
    const waiters = waiting.get(id);
    waiting.delete(id);
    for (const resume of waiters ?? []) resume();
  };
  const tell = (change: Change): void => {
    release(change.id);
    for (const listener of [...listeners]) listener.changed(change);
  };
  const deafen = outside?.subscribe((text) => {
    const change = readChange(text);
    if (change === null) return;
    tell(change);
    heardOutside?.();
  });
  return {
    happened(change) {
      tell(change);
      outside?.publish(JSON.stringify(change));
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
      deafen?.();
      for (const id of [...waiting.keys()]) release(id);
      const leaving = [...listeners];
      listeners.clear();
      for (const listener of leaving) listener.closed();
    }
  };
}

/** Null for what another version of Till may say. */
function readChange(text: string): Change | null {
  try {
    const read = v.safeParse(changeSchema, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
