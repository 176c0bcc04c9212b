/**
 * Makes scans of a HID scanner's reports. Pure: it is told each report and the time.
 *
 *   report ──► piece ──► last one ───────────────────────────► scan
 *                 │
 *                 └──► continued ──► wait: the next piece · another identifier, or silence: that was all
 */
import { decodeText, joinBytes, withoutSuffix } from './code-text';
import { type HidLayout } from './hid-layout';
import { readIbmReport, readPosReport, type HidPiece } from './hid-report';
import { createScan, type Scan } from './scan';

/** What a report, or the time, came to. */
export interface HidOutcome {
  /** Finished scans, oldest first. */
  readonly scans: readonly Scan[];
  /** The report made no sense, and with it a scan that it may have been a part of. */
  readonly dropped: boolean;
  /** When to call `tick`, by the same clock; null when nothing is under way. */
  readonly wakeAt: number | null;
}

/** A decoder of one HID scanner; see {@link createHidDecoder}. */
export interface HidDecoder {
  /** Takes one report, without its id. Never throws. */
  readonly take: (report: {
    readonly reportId: number;
    readonly bytes: Uint8Array;
    readonly at: number;
  }) => HidOutcome;
  /** Tells the time, so that a scan whose end nobody announced ends. */
  readonly tick: (at: number) => HidOutcome;
  /** The device is gone: forgets what was under way, and says whether something was. */
  readonly reset: () => boolean;
}

/** After this silence a code has no more reports. Reports follow each other within some milliseconds. */
export const continuedWithinMs = 250;
/** A report is stamped when the page hears of it: one that comes sooner than this may have waited behind a busy page. */
export const surelyApartMs = 500;
/** The longest QR code has 7,089 characters. */
const longestCode = 8192;

interface Pending {
  readonly aim: string | null;
  readonly parts: Uint8Array[];
  readonly length: number;
  readonly at: number;
  /** A piece is lost: what follows is thrown away up to the end. */
  readonly broken: boolean;
}

/**
 * Makes a decoder.
 *
 * @param form  HID POS, or the IBM hand-held form.
 * @param layouts  by report id, of the device's description; empty for a device that has none.
 */
export function createHidDecoder({
  form,
  layouts
}: {
  readonly form: 'pos' | 'ibm';
  readonly layouts: ReadonlyMap<number, HidLayout>;
}): HidDecoder {
  let pending: Pending | null = null;

  function read(reportId: number, bytes: Uint8Array): HidPiece | null | 'not_a_scan' {
    if (form === 'ibm') return readIbmReport(bytes);
    const layout = layouts.get(reportId);
    // A described device has other reports too: status, battery.
    if (layout === undefined && layouts.size > 0) return 'not_a_scan';
    return readPosReport({ bytes, layout: layout ?? null });
  }

  function finish(): Scan[] {
    const finished = pending;
    pending = null;
    if (finished === null || finished.broken) return [];
    const { aim, at } = finished;
    const bytes = withoutSuffix(joinBytes(finished.parts));
    if (bytes.length === 0) return [];
    const scan = createScan({ text: decodeText(bytes), bytes, source: 'hid', at });
    // Some scanners are set to put the identifier before the code as well.
    if (aim === null || scan.aim === aim) return [scan];
    return [createScan({ text: decodeText(bytes), bytes, aim, source: 'hid', at })];
  }

  function answer(scans: readonly Scan[], dropped = false): HidOutcome {
    return { scans, dropped, wakeAt: pending === null ? null : pending.at + continuedWithinMs + 1 };
  }

  function endAfter(silenceMs: number, at: number): Scan[] {
    return pending !== null && at - pending.at > silenceMs ? finish() : [];
  }

  function tick(at: number): HidOutcome {
    return answer(endAfter(continuedWithinMs, at));
  }

  return {
    take({ reportId, bytes, at }) {
      const piece = read(reportId, bytes);
      const scans = endAfter(surelyApartMs, at);
      if (piece === 'not_a_scan') return answer(scans);
      if (piece === null) {
        // It may have been a part of the code under way, which can't be whole any more.
        if (pending !== null) pending = { ...pending, parts: [], broken: true };
        return answer(scans, true);
      }
      if (pending !== null && pending.aim !== piece.aim) scans.push(...finish());
      const length = (pending?.length ?? 0) + piece.bytes.length;
      const broken = pending?.broken === true || length > longestCode;
      pending = {
        aim: piece.aim,
        parts: broken ? [] : [...(pending?.parts ?? []), piece.bytes],
        length,
        at,
        broken
      };
      if (piece.continued) return answer(scans);
      const dropped = pending.broken;
      return answer([...scans, ...finish()], dropped);
    },
    tick,
    reset() {
      const was = pending !== null;
      pending = null;
      return was;
    }
  };
}
