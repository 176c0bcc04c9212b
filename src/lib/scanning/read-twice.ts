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

/**
 * Remembers the payment codes of the last moment, in memory, by whatever scanner they came: a phone that lies there may show
 * two at once, and changes them by itself.
 */
export interface CodesRead {
  /** Says whether this code, or another one that was not sent, was read just now, and remembers this one. */
  readonly isStillThere: (scan: Scan) => boolean;
  /** The code was sent: another one is a fresh one. */
  readonly sent: (scan: Scan) => void;
}

export function createCodesRead(): CodesRead {
  const last = new Map<string, { readonly at: number; readonly isSent: boolean }>();
  return {
    isStillThere({ text, at }) {
      for (const [code, read] of last) if (at - read.at > readTwiceMs) last.delete(code);
      const before = last.get(text);
      const isThere = before !== undefined || [...last.values()].some(({ isSent }) => !isSent);
      last.set(text, { at, isSent: before?.isSent ?? false });
      return isThere;
    },
    sent({ text, at }) {
      last.set(text, { at, isSent: true });
    }
  };
}
