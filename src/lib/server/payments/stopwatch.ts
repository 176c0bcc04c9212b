/**
 * How long this process has known of an attempt, by a clock that nobody can set (money rule 9): a wall clock that jumps
 * forward must not bring a cancel nearer. After a restart it counts from the first sight.
 */

export interface Stopwatch {
  /** Milliseconds since this was first called for the id. */
  elapsedMs(id: string): number;
  forget(id: string): void;
}

/** Far more than are open at once; beyond it the oldest are counted anew, which only makes a cancel later. */
const mostKept = 10_000;

/** @param options.monotonicNow milliseconds from any beginning, never set back */
export function createStopwatch(options: { monotonicNow: () => number }): Stopwatch {
  const begun = new Map<string, number>();
  return {
    elapsedMs(id) {
      const now = options.monotonicNow();
      const from = begun.get(id);
      if (from !== undefined) return now - from;
      const [oldest] = begun.keys();
      if (begun.size >= mostKept && oldest !== undefined) begun.delete(oldest);
      begun.set(id, now);
      return 0;
    },
    forget(id) {
      begun.delete(id);
    }
  };
}
