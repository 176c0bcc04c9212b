/**
 * One-scan checkout: a payment code with an order on the counter charges at once. A stand scanner re-reads the phone
 * that lies before it, and a scan may come before the last item: so it is trusted only in quiet moments, and everything
 * else asks for one more scan.
 */

/** The last product must be this long ago. */
export const quietAfterProductMs = 1500;
/** The last payment must be this long ago: the phone may still lie there. */
export const quietAfterPaidMs = 5000;
/** The same code within this time of being sent is the same scan, read twice. */
export const sentTwiceMs = 5000;

/** Why one scan alone does not charge now. */
export type OneScanDoubt = 'off' | 'red_row' | 'product_just_now' | 'paid_just_now' | 'above_limit' | 'busy';

/**
 * May a scanned code charge at once?
 *
 * @param nowMs monotonic milliseconds, like the two other times; those are null where there was none
 * @param scannerInHand the shop's answer at set-up; null counts as a stand
 * @param limitMinor at or below it one scan is enough
 * @returns null for yes, or the first reason why not
 */
export function oneScanDoubt({
  nowMs,
  lastProductAtMs,
  lastPaidAtMs,
  hasRedRow,
  totalMinor,
  limitMinor,
  scannerInHand,
  scansWaiting
}: {
  readonly nowMs: number;
  readonly lastProductAtMs: number | null;
  readonly lastPaidAtMs: number | null;
  readonly hasRedRow: boolean;
  readonly totalMinor: number;
  readonly limitMinor: number;
  readonly scannerInHand: boolean;
  readonly scansWaiting: boolean;
}): OneScanDoubt | null {
  if (hasRedRow) return 'red_row';
  if (!scannerInHand) return 'off';
  if (scansWaiting) return 'busy';
  if (lastProductAtMs !== null && nowMs - lastProductAtMs <= quietAfterProductMs) return 'product_just_now';
  if (lastPaidAtMs !== null && nowMs - lastPaidAtMs <= quietAfterPaidMs) return 'paid_just_now';
  if (totalMinor > limitMinor) return 'above_limit';
  return null;
}

/** Remembers the last code that was *sent*, in memory and for a moment: a code that was only seen may be scanned again. */
export interface SentGuard {
  sent(code: string, nowMs: number): void;
  wasSentJustNow(code: string, nowMs: number): boolean;
}

export function createSentGuard(): SentGuard {
  let last: { readonly code: string; readonly atMs: number } | null = null;
  return {
    sent(code, nowMs) {
      last = { code, atMs: nowMs };
    },
    wasSentJustNow(code, nowMs) {
      if (last === null || nowMs - last.atMs > sentTwiceMs) {
        last = null;
        return false;
      }
      return last.code === code;
    }
  };
}
