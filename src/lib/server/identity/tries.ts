/** Counts tries of a password, so that nobody can go through a list of them. */

/** A limit on tries per key within a window that begins with the first of them. */
export interface TryLimit {
  /**
   * Takes one try. Call before the password is looked at: tries that run at the same time count too.
   *
   * @returns 0 where the try is allowed, else the milliseconds to wait
   */
  take(key: string): number;
  /** Forgets the tries of a key: the password was right. */
  forgive(key: string): void;
}

/**
 * @param most how many tries the window allows
 * @param windowMs how long a window lasts, from its first try
 * @param nowMs milliseconds from any beginning, never set back
 */
export function createTryLimit({
  most,
  windowMs,
  nowMs,
  keysKept = 10_000
}: {
  readonly most: number;
  readonly windowMs: number;
  readonly nowMs: () => number;
  readonly keysKept?: number;
}): TryLimit {
  const windows = new Map<string, { count: number; readonly endsAtMs: number }>();

  function dropEnded(now: number): void {
    for (const [key, window] of windows) if (window.endsAtMs <= now) windows.delete(key);
  }

  return {
    take(key) {
      const now = nowMs();
      const known = windows.get(key);
      if (known !== undefined && known.endsAtMs > now) {
        if (known.count >= most) return Math.ceil(known.endsAtMs - now);
        known.count += 1;
        return 0;
      }
      if (windows.size >= keysKept) dropEnded(now);
      // Under attack with made-up names: who is new waits, the memory does not grow.
      if (windows.size >= keysKept) return windowMs;
      windows.set(key, { count: 1, endsAtMs: now + windowMs });
      return 0;
    },
    forgive(key) {
      windows.delete(key);
    }
  };
}
