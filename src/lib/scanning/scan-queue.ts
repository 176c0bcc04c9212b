/** Scans are handled one after another, in the order in which they came: ten in a second are all there. */
import { type Scan, type ScanSource } from './scan';

/** Takes scans in; see {@link createScanQueue}. */
export interface ScanQueue {
  /** Takes a scan in. False: it was the same scan by another road, and is not handled again. */
  readonly push: (scan: Scan) => boolean;
  /** True from a scan's arrival until the last waiting one is handled. No charge may start meanwhile. */
  readonly busy: boolean;
  /** Settles when nothing is waiting any more. */
  readonly idle: () => Promise<void>;
}

/** Two roads of one scanner (keyboard and HID) deliver a scan within this time. */
export const twinWindowMs = 300;

/**
 * Makes a queue. The same text from two different sources within 300 ms is one scan; from one source it is two, because a
 * second can of the same drink is a second can.
 *
 * @param handle  resolves one scan; the next waits until it settles.
 * @param onFault  told when `handle` throws, which is a bug; the scans after it are handled all the same.
 * @param onBusyChange  told when the queue starts and stops being busy.
 */
export function createScanQueue({
  handle,
  onFault,
  onBusyChange
}: {
  readonly handle: (scan: Scan) => Promise<void> | void;
  readonly onFault: (error: unknown) => void;
  readonly onBusyChange?: (busy: boolean) => void;
}): ScanQueue {
  const waiting: Scan[] = [];
  // Accepted scans of the last moments, each with the roads that it has already come by.
  let recent: { readonly scan: Scan; readonly roads: Set<ScanSource> }[] = [];
  let busy = false;
  let running: Promise<void> = Promise.resolve();

  function isTwin(scan: Scan): boolean {
    recent = recent.filter((one) => Math.abs(scan.at - one.scan.at) <= twinWindowMs);
    const twin = recent.find((one) => one.scan.text === scan.text && !one.roads.has(scan.source));
    if (twin === undefined) recent.push({ scan, roads: new Set([scan.source]) });
    else twin.roads.add(scan.source);
    return twin !== undefined;
  }

  async function run(): Promise<void> {
    onBusyChange?.(true);
    for (let scan = waiting.shift(); scan !== undefined; scan = waiting.shift()) {
      try {
        await handle(scan);
      } catch (error) {
        onFault(error);
      }
    }
    busy = false;
    onBusyChange?.(false);
  }

  return {
    push(scan) {
      if (isTwin(scan)) return false;
      waiting.push(scan);
      if (!busy) {
        // Set before the handler runs, because it may push a scan itself.
        busy = true;
        running = run();
      }
      return true;
    },
    get busy() {
      return busy;
    },
    async idle() {
      // A handler may bring about the next scan, so ask again.
      while (busy) await running;
    }
  };
}
