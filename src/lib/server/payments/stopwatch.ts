/**
 * How long this process has known of an attempt, by a clock that nobody can set (money rule 9): a wall clock that jumps
 * forward must not bring a cancel nearer. After a restart it counts from the first sight.
 */

export interface Stopwatch {
  /** Whole milliseconds since this was first called for the id, rounded down: due times are integers. */
  elapsedMs(id: string): number;
  forget(id: string): void;
  /**
   * Begins to count; the answer tells how many milliseconds ago that was, by the clock that shows most: a monotonic clock
   * stands still while the machine is suspended, a wall clock may be set back.
   */
  begin(): () => number;
  /**
   * Compares the ledger's clock with the time that went by since the last look. Where it was set on (or back, below zero) by
   * more than a few seconds, `putRight` is called with the milliseconds; where that fails, the next look finds it again.
   */
  onClockSet(nowMs: number, putRight: (setMs: number) => Promise<void>): Promise<void>;
  /** Whether this process has looked for what one before it wrote by a clock that was set back since. */
  lookedBack: boolean;
}

/** Far more than are open at once; beyond it the oldest are counted anew, which only makes a cancel later. */
const mostKept = 10_000;
/** Clocks are slewed and loops are late: less than this is no jump. */
export const leastJumpMs = 5000;

/**
 * @param options.monotonicNow milliseconds from any beginning, never set back; it may stand still while the machine sleeps
 * @param options.wallNow this machine's clock
 */
export function createStopwatch(options: { monotonicNow: () => number; wallNow: () => number }): Stopwatch {
  const begun = new Map<string, number>();
  let aheadBefore: number | null = null;
  return {
    lookedBack: false,
    elapsedMs(id) {
      const now = options.monotonicNow();
      const from = begun.get(id);
      if (from !== undefined) return Math.floor(now - from);
      const [oldest] = begun.keys();
      if (begun.size >= mostKept && oldest !== undefined) begun.delete(oldest);
      begun.set(id, now);
      return 0;
    },
    forget(id) {
      begun.delete(id);
    },
    begin() {
      const { monotonicNow, wallNow } = options;
      const from = { monotonicMs: monotonicNow(), wallMs: wallNow() };
      return () => Math.max(monotonicNow() - from.monotonicMs, wallNow() - from.wallMs);
    },
    async onClockSet(nowMs, putRight) {
      const ahead = nowMs - options.monotonicNow();
      const jump = aheadBefore === null ? 0 : ahead - aheadBefore;
      if (Math.abs(jump) >= leastJumpMs) await putRight(Math.round(jump));
      aheadBefore = ahead;
    }
  };
}
