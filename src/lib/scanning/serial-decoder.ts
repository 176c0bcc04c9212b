/**
 * Cuts what comes over a serial line into scans. Pure: it is told each chunk and the time, and a scan may be split anywhere.
 *
 *   bytes ──► … CR, LF, CRLF ──► scan, at once
 *         └─► … silence ───────► scan
 */
import { decodeText, withoutSuffix } from './code-text';
import { createScan, type Scan } from './scan';

/** What ends a scan, see `SerialSettings`. */
export interface SerialFraming {
  readonly terminator: 'auto' | 'cr' | 'lf' | 'crlf' | 'tab' | 'none';
  readonly idleGapMs: number;
}

/** What a chunk, or the time, came to. */
export interface SerialOutcome {
  /** Finished scans, oldest first. */
  readonly scans: readonly Scan[];
  /** More came without an end than any code has: noise, or the wrong baud rate. */
  readonly dropped: boolean;
  /** When to call `tick`, by the same clock; null when nothing is under way. */
  readonly wakeAt: number | null;
}

/** A decoder of one serial line; see {@link createSerialDecoder}. */
export interface SerialDecoder {
  /** Takes one chunk, of any length. Never throws. */
  readonly take: (chunk: { readonly bytes: Uint8Array; readonly at: number }) => SerialOutcome;
  /** Tells the time, so that a scan without a terminator ends. */
  readonly tick: (at: number) => SerialOutcome;
  /** The line is gone: forgets what was under way, and says whether something was. */
  readonly reset: () => boolean;
}

const cr = 0x0d;
const lf = 0x0a;
const tab = 0x09;
/** The longest QR code has 7,089 characters. */
const longestCode = 8192;
/**
 * A chunk that comes after less than this may have waited behind a busy page: then only `tick`, whose caller knows how busy
 * the page was, may say that the scan was over.
 */
const surelyApartMs = 300;
/** A scanner that ends its codes may hesitate this long inside one (radio, a busy host). */
const patientGapMs = 500;

/** Makes a decoder. */
export function createSerialDecoder({ terminator, idleGapMs }: SerialFraming): SerialDecoder {
  let pending: number[] = [];
  let lastAt = 0;
  let tooLong = false;
  let sawTerminator = terminator !== 'auto' && terminator !== 'none';

  function patienceMs(): number {
    return sawTerminator ? Math.max(idleGapMs, patientGapMs) : idleGapMs;
  }

  function finish(at: number): Scan[] {
    const bytes = withoutSuffix(Uint8Array.from(pending));
    const lost = tooLong;
    pending = [];
    tooLong = false;
    if (bytes.length === 0 || lost) return [];
    return [createScan({ text: decodeText(bytes), bytes, source: 'serial', at })];
  }

  /** Whether this byte ends the scan before it. */
  function ends(byte: number): boolean {
    switch (terminator) {
      case 'auto':
        return byte === cr || byte === lf;
      case 'cr':
        return byte === cr;
      case 'lf':
        return byte === lf;
      case 'crlf':
        return byte === lf && pending.at(-1) === cr;
      case 'tab':
        return byte === tab;
      case 'none':
        return false;
    }
  }

  function endAfter(silenceMs: number, at: number): Scan[] {
    const over = (pending.length > 0 || tooLong) && at - lastAt > silenceMs;
    return over ? finish(lastAt) : [];
  }

  function tick(at: number): SerialOutcome {
    return answer(endAfter(patienceMs(), at));
  }

  function answer(scans: readonly Scan[], dropped = false): SerialOutcome {
    const waiting = pending.length > 0 || tooLong;
    return { scans, dropped, wakeAt: waiting ? lastAt + patienceMs() + 1 : null };
  }

  return {
    take({ bytes, at }) {
      const scans = endAfter(Math.max(patienceMs(), surelyApartMs), at);
      let dropped = false;
      lastAt = at;
      for (const byte of bytes) {
        if (ends(byte)) {
          sawTerminator = true;
          scans.push(...finish(at));
          continue;
        }
        // The LF of a CRLF comes after the scan, if need be in the next chunk; and no code begins with one.
        const stray = pending.length === 0 && terminator !== 'crlf' && (byte === cr || byte === lf);
        if (tooLong || stray) continue;
        pending.push(byte);
        if (pending.length > longestCode) {
          pending = [];
          tooLong = dropped = true;
        }
      }
      return answer(scans, dropped);
    },
    tick,
    reset() {
      const was = pending.length > 0;
      pending = [];
      tooLong = false;
      return was;
    }
  };
}
