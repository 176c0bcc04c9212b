/**
 * A scanner on a stand, or a camera, reads what lies before it again and again. For these alone, the same code that comes
 * again soon is the same piece of goods; a scanner in the hand reads twice because there are two.
 */
import { type Scan } from './scan';

/** A repeat this soon after the read before it is the same thing still lying there. Each repeat begins the time anew. */
export const readTwiceMs = 1500;

/** Remembers the last code of each road, in memory and for a moment. */
export interface ReadTwice {
  /** Says whether the same code came by the same road just now, and remembers this one. */
  readonly isAgain: (scan: Scan) => boolean;
}

export function createReadTwice(): ReadTwice {
  const last = new Map<Scan['source'], { readonly text: string; readonly at: number }>();
  return {
    isAgain({ text, source, at }) {
      const before = last.get(source);
      last.set(source, { text, at });
      return before !== undefined && before.text === text && at - before.at <= readTwiceMs;
    }
  };
}
