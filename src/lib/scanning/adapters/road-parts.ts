/** What all roads have in common, the keyboard too: feeds, traces with gaps, and an alarm. */
import { createFeed, type Feed } from '../feed';
import { type ScannerTrace } from '../port';
import { type Scan } from '../scan';
import { type SetTimer } from '../timer';

/** The browser's clock and timers, or a test's. */
export interface DeviceTime {
  /** Milliseconds by the clock of the events' `timeStamp`. */
  readonly now: () => number;
  readonly setTimer: SetTimer;
}

/** The page's own. */
export const browserTime: DeviceTime = {
  now: () => performance.now(),
  setTimer(callback, delayMs) {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  }
};

type Untimed<Trace> = Trace extends unknown ? Omit<Trace, 'gapMs'> : never;
/** A trace before its gap is known. */
export type RawTrace = Untimed<ScannerTrace>;

/** Tells traces to whoever listens, each with the time since the piece before. */
export interface Tracer {
  readonly feed: Feed<ScannerTrace>;
  readonly tell: (trace: RawTrace) => void;
}

/** Makes a tracer. Nothing is kept but the time of the last piece. */
export function createTracer(): Tracer {
  const feed = createFeed<ScannerTrace>();
  let lastAt: number | null = null;
  return {
    feed,
    tell(trace) {
      const arrived = trace.what !== 'scan' && trace.what !== 'missed';
      const gapMs = lastAt === null || !arrived ? null : Math.max(0, trace.at - lastAt);
      if (arrived) lastAt = trace.at;
      if (feed.heard()) feed.tell({ ...trace, gapMs });
    }
  };
}

/**
 * One alarm at a time. It rings a moment late on purpose: what waits behind a busy page comes before it. A page that was busy
 * when it should have rung, or when what it waits for came, waits once more: the rest may still be on its way.
 */
export function createAlarm({ now, setTimer }: DeviceTime): (at: number | null, ring: () => void) => void {
  let cancel: (() => void) | null = null;
  const set = (delayMs: number, then: () => void): void => {
    cancel = setTimer(then, delayMs);
  };
  return (at, ring) => {
    cancel?.();
    cancel = null;
    if (at === null) return;
    const dueAt = at < now() ? now() + catchUpMs : at;
    set(dueAt - now(), () => set(now() - dueAt > busyAfterMs ? catchUpMs : 0, ring));
  };
}

/** A timer that is so late stood behind something. */
const busyAfterMs = 30;
/** What the system still holds after that is handed on within this time. */
const catchUpMs = 60;

/** Tells the scans of a decoder's answer, and to the tracer. */
export function tellScans(
  found: readonly Scan[],
  { scans, tracer, at }: { readonly scans: Feed<Scan>; readonly tracer: Tracer; readonly at: number }
): void {
  for (const scan of found) {
    tracer.tell({ what: 'scan', scan, at });
    scans.tell(scan);
  }
}

/** Says whether something thrown has one of these names, as the browser's own errors do. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
