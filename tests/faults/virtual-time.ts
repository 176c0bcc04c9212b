/** Time that only moves when everything that could happen now has happened. */
export interface VirtualTime {
  nowMs(): number;
  after(ms: number, act: () => void | Promise<void>): void;
  /** When the next thing happens; null: nothing is waiting. */
  nextAtMs(): number | null;
  /** Moves to a moment and runs what is due there, one thing after the other, in the order of its making. */
  moveTo(atMs: number): Promise<void>;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void | Promise<void>;
}

/** Lets every promise that can go on go on: the database is synchronous, so nothing waits but for the virtual gateway. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createVirtualTime(startMs: number): VirtualTime {
  let now = startMs;
  let made = 0;
  const queue: Entry[] = [];
  return {
    nowMs: () => now,
    after(ms, act) {
      made += 1;
      const entry: Entry = { atMs: now + Math.max(0, Math.round(ms)), order: made, act };
      let low = 0;
      let high = queue.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (queue[middle]!.atMs <= entry.atMs) low = middle + 1;
        else high = middle;
      }
      queue.splice(low, 0, entry);
    },
    nextAtMs: () => queue[0]?.atMs ?? null,
    async moveTo(atMs) {
      now = Math.max(now, atMs);
      for (let entry = queue[0]; entry !== undefined && entry.atMs <= now; entry = queue[0]) {
        queue.shift();
        await entry.act();
        await settled();
      }
    }
  };
}
