/**
 * What a scan does, by what the counter is doing:
 *
 *   selling: product → line · unknown → red row · payment code → charges, or opens the stage for one more scan
 *   ready or not paid: product → line, new total · payment code → charges
 *   payment open: product → held for the next order · payment code → nothing
 *   paid: product → the next order begins, with what was held and with it · payment code → "Already paid"
 *
 * A payment code never becomes a line, a search or a word on the screen.
 */
import { classifyScan, type ScanKind } from '$lib/scanning/classify';
import type { Scan } from '$lib/scanning/scan';
import type { Counter } from './counter.svelte';
import { oneScanDoubt } from './one-scan';
import type { CatalogueProduct, Clock } from './ports';
import type { Sounds } from './sounds';

/** Said for a moment while selling; the screen has the words. */
export type SellNotice =
  /** "Sort out the red line first" */
  | 'red_row_first'
  /** A payment code with nothing to pay. */
  | 'nothing_to_charge'
  /** A payment code just after "paid". */
  | 'already_paid'
  /** A shop's own code instead of the shopper's. */
  | 'merchant_code'
  | 'unreadable'
  | 'order_receipt'
  | 'sold_out';

export interface ScanRouterParts {
  readonly counter: Counter;
  readonly clock: Clock;
  readonly sounds: () => Sounds;
  readonly soundOnAdd: () => boolean;
  readonly scannerInHand: () => boolean;
  readonly limitMinor: () => number;
  readonly productByScan: (scan: Scan) => CatalogueProduct | null;
  readonly scansWaiting: () => boolean;
  readonly say: (notice: SellNotice) => void;
}

export interface ScanRouter {
  /** Handles one scan; the queue calls it one at a time. */
  handle(scan: Scan): Promise<void>;
  /** A tap on a tile: like a product's scan. */
  tap(product: CatalogueProduct): void;
}

/** A payment code this soon after "paid" is the same phone read again. */
const justPaidMs = 10_000;

export function createScanRouter(parts: ScanRouterParts): ScanRouter {
  const { counter } = parts;

  function product(found: CatalogueProduct): void {
    if (counter.mode === 'paying') {
      if (counter.isWaiting) {
        counter.hold({ kind: 'product', product: found });
        return;
      }
      if (counter.payment === null || !counter.order.locked) {
        counter.addOnStage(found);
        added();
        return;
      }
      counter.next();
    }
    if (counter.order.addProduct(found)) added();
  }

  function added(): void {
    if (parts.soundOnAdd()) parts.sounds().play('added');
  }

  function unknown(text: string): void {
    parts.sounds().play('unknown');
    if (counter.mode === 'paying') {
      if (counter.isWaiting) {
        counter.hold({ kind: 'unknown_code', text });
        return;
      }
      // goods that nobody knows are sorted out beside the catalogue; the stage comes back with Charge
      counter.next();
    }
    counter.order.addUnknown(text);
  }

  async function paymentCode(code: string): Promise<void> {
    if (counter.mode === 'paying') {
      if (counter.isWaiting) return;
      if (counter.payment?.isPaid === true) counter.say('already_paid');
      else await counter.pay(code);
      return;
    }
    const nowMs = parts.clock.monotonic();
    const { order, lastPaidAtMs } = counter;
    if (order.isEmpty && !order.hasRedRow) {
      const justPaid = lastPaidAtMs !== null && nowMs - lastPaidAtMs <= justPaidMs;
      parts.say(justPaid ? 'already_paid' : 'nothing_to_charge');
      return;
    }
    const { totalMinor } = order.totals;
    const doubt = oneScanDoubt({
      nowMs,
      lastProductAtMs: order.lastProductAtMs,
      lastPaidAtMs,
      hasRedRow: order.hasRedRow,
      totalMinor,
      limitMinor: parts.limitMinor(),
      scannerInHand: parts.scannerInHand(),
      scansWaiting: parts.scansWaiting()
    });
    if (doubt === 'red_row') {
      parts.sounds().play('unknown');
      parts.say('red_row_first');
      return;
    }
    // a total of zero needs no code: "Charge" gives it away
    if (totalMinor === 0) {
      parts.say('nothing_to_charge');
      return;
    }
    counter.openStage(doubt === null ? null : 'once_more');
    if (doubt === null) await counter.pay(code);
  }

  async function act(kind: ScanKind, scan: Scan, found: CatalogueProduct | null): Promise<void> {
    switch (kind.kind) {
      case 'product':
        if (found !== null) product(found);
        return;
      case 'payment_code':
        await paymentCode(scan.text);
        return;
      case 'merchant_presented':
        parts.sounds().play('unknown');
        if (counter.mode === 'selling') parts.say('merchant_code');
        else if (!counter.isWaiting && counter.payment?.isPaid !== true) counter.say('merchant_code');
        return;
      case 'unknown_product':
        unknown(kind.safeToShow ? kind.text : '');
        return;
      case 'order_receipt':
        parts.say('order_receipt');
        return;
      case 'unreadable':
        parts.sounds().play('unknown');
        parts.say('unreadable');
    }
  }

  return {
    async handle(scan) {
      const found = parts.productByScan(scan);
      const kind = classifyScan({ scan, mode: counter.mode, isProduct: () => found?.id ?? null });
      await act(kind, scan, found);
    },
    tap: product
  };
}
