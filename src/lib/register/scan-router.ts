/**
 * What a scan does, by what the counter is doing:
 *
 *   selling: product → line · unknown → red row · payment code → charges, or opens the stage for one more scan
 *   ready or not paid: product → line, new total · payment code → charges
 *   payment open: product → held for the next order · payment code → nothing
 *   paid: product → the next order begins, with what was held and with it · payment code → "Already paid", in cash beside
 *     the change
 *   another page: product, unknown → as above, and back to the counter · payment code → charges nothing
 *   a screen that takes scans (test panel; while locked, badges only: "Who is selling?") → that screen, and nothing else
 *
 * A phone that lies before a stand or a camera is read again and again. After the first time it opens no stage and charges
 * nothing: it is to be taken away and shown again.
 *
 * Anywhere, an order's receipt finds its order. A payment code never becomes a line, a search or a word on the screen.
 */
import type { ScanMatch } from '$lib/catalogue/lookup';
import { classifyScan, type ScanKind } from '$lib/scanning/classify';
import type { CodesRead, ReadTwice } from '$lib/scanning/read-twice';
import type { Scan } from '$lib/scanning/scan';
import type { Counter } from './counter.svelte';
import { oneScanDoubt } from './one-scan';
import type { CatalogueProduct, Clock } from './ports';
import type { Sounds } from './sounds';

/** Said for a moment; the screen has the words. */
export type SellNotice =
  /** "Sort out the red line first" */
  | 'red_row_first'
  | 'age_first'
  /** Nobody is signed in here: nothing was taken of the scan. */
  | 'locked'
  /** A product came in before cash or a card was taken: nothing was. */
  | 'total_changed'
  /** It is not known yet whether the order is being paid already. */
  | 'asking_first'
  /** A payment code with nothing to pay. */
  | 'nothing_to_charge'
  /** A payment code, or "Cash", at an order from which everything was taken away. */
  | 'nothing_left'
  /** A payment code just after "paid". */
  | 'already_paid'
  /** A payment code on a page where nothing is paid. */
  | 'code_elsewhere'
  /** A shop's own code instead of the shopper's. */
  | 'merchant_code'
  /** A person's badge where nobody asked for one. */
  | 'staff_badge'
  | 'unreadable'
  /** "Add it now" of a code that had a product by then: sold at that one's price. */
  | 'known_meanwhile'
  /** "Add it now" did not reach the catalogue: sold at the typed price. */
  | 'sold_as_other';

/** A screen that takes the scans while it is open: nothing of them reaches the counter. */
export interface ScanScreen {
  readonly mode: 'trying' | 'badge';
  /** The scan may be a secret, whatever its kind: keep it in memory, and show a payment code masked. */
  readonly take: (scanned: { readonly scan: Scan; readonly kind: ScanKind }) => void;
}

export interface ScanRouterParts {
  readonly counter: Counter;
  readonly clock: Clock;
  readonly sounds: () => Sounds;
  readonly soundOnAdd: () => boolean;
  readonly scannerInHand: () => boolean;
  /** The scanner stands where goods lie before it: it reads twice. */
  readonly scannerOnStand: () => boolean;
  readonly limitMinor: () => number;
  readonly match: (scan: Scan) => ScanMatch | null;
  readonly scansWaiting: () => boolean;
  /** Null: the scans are the counter's. */
  readonly screen: () => ScanScreen | null;
  /** False while another page than Sell is shown. */
  readonly atCounter: () => boolean;
  /** Something came to the counter from another page. */
  readonly showCounter: () => void;
  readonly findOrder: (number: string) => Promise<void>;
  /** What was read a moment ago. */
  readonly reads: ReadTwice;
  readonly codesRead: CodesRead;
  readonly mayHaveReadTwice: (found: ScanMatch) => void;
  readonly say: (notice: SellNotice) => void;
}

export interface ScanRouter {
  /** Handles one scan; the queue calls it one at a time. */
  handle(scan: Scan): Promise<void>;
  /** A tap on a tile: like a product's scan. */
  tap(product: CatalogueProduct): void;
  /** "Read twice? +1": it was a second piece. */
  addAgain(found: ScanMatch): void;
}

/** A payment code this soon after "paid" is the same phone read again. */
const justPaidMs = 10_000;

function readsAgain({ source }: Scan, onStand: boolean): boolean {
  return source === 'camera' || (source !== 'typed' && onStand);
}

export function createScanRouter(parts: ScanRouterParts): ScanRouter {
  const { counter } = parts;

  function product(found: ScanMatch): void {
    if (counter.mode === 'paying') {
      if (counter.isWaiting) {
        counter.held.hold({ kind: 'product', ...found });
        return;
      }
      if (!counter.isPaid && (counter.payment === null || !counter.order.locked)) {
        if (counter.addOnStage(found)) added();
        return;
      }
      counter.next();
    }
    if (counter.order.addScanned(found)) added();
  }

  function scanned(found: ScanMatch, scan: Scan): void {
    if (readsAgain(scan, parts.scannerOnStand()) && parts.reads.isAgain(scan)) {
      parts.mayHaveReadTwice(found);
      return;
    }
    // the label carries a weight or a price that can't be used exactly: a person types it
    if (found.measure === 'unclear') unknown(scan.text);
    else product(found);
  }

  function added(): void {
    if (parts.soundOnAdd()) parts.sounds().play('added');
  }

  function unknown(text: string): void {
    parts.sounds().play('unknown');
    if (counter.mode === 'paying') {
      if (counter.isWaiting) {
        counter.held.hold({ kind: 'unknown_code', text });
        return;
      }
      // goods that nobody knows are sorted out beside the catalogue; the stage comes back with Charge
      counter.next();
    }
    counter.order.addUnknown(text);
  }

  async function paymentCode(scan: Scan): Promise<void> {
    // asked first, so that every read is remembered; whoever did not say where the scanner is may have it on a stand
    const isStillThere = readsAgain(scan, !parts.scannerInHand()) && parts.codesRead.isStillThere(scan);
    if (!parts.atCounter()) {
      parts.sounds().play('unknown');
      parts.say('code_elsewhere');
      return;
    }
    if (counter.mode === 'paying') {
      if (counter.isWaiting) return;
      // somebody counts the change that stands there
      if (counter.cash.screen?.state === 'taken') parts.say('already_paid');
      else if (counter.isPaid) counter.say('already_paid');
      else if (counter.order.ageQuestion !== null) refused('age_first');
      else if (counter.order.chargeBlock === 'asking') refused('asking_first');
      else if (counter.order.chargeBlock === 'empty') refused('nothing_left');
      else if (!isStillThere) await pay(scan);
      else if (counter.screen?.state === 'ready' && counter.cash.screen === null) counter.say('show_again');
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
    if (order.ageQuestion !== null) {
      refused('age_first');
      return;
    }
    if (order.chargeBlock === 'asking') {
      refused('asking_first');
      return;
    }
    // a total of zero needs no code: "Charge" gives it away
    if (totalMinor === 0) {
      parts.say('nothing_to_charge');
      return;
    }
    if (isStillThere) return;
    counter.openStage(doubt === null ? null : 'once_more');
    if (doubt === null) await pay(scan);
  }

  async function pay(scan: Scan): Promise<void> {
    if (await counter.pay(scan.text)) parts.codesRead.sent(scan);
  }

  function refused(notice: SellNotice): void {
    parts.sounds().play('unknown');
    parts.say(notice);
  }

  function merchantCode(): void {
    if (counter.mode === 'selling' || !parts.atCounter()) {
      refused('merchant_code');
      return;
    }
    parts.sounds().play('unknown');
    if (!counter.isWaiting && !counter.isPaid) counter.say('merchant_code');
  }

  async function act(kind: ScanKind, scan: Scan, found: ScanMatch | null): Promise<void> {
    switch (kind.kind) {
      case 'product':
        if (found === null) return;
        scanned(found, scan);
        parts.showCounter();
        return;
      case 'unknown_product':
        unknown(kind.safeToShow ? kind.text : '');
        parts.showCounter();
        return;
      case 'payment_code':
        await paymentCode(scan);
        return;
      case 'merchant_presented':
        merchantCode();
        return;
      case 'order_receipt':
        await parts.findOrder(kind.number);
        return;
      case 'staff_badge':
      case 'unreadable':
        refused(kind.kind);
    }
  }

  return {
    async handle(scan) {
      const found = parts.match(scan);
      const screen = parts.screen();
      const mode = screen?.mode === 'badge' ? 'badge' : parts.atCounter() ? counter.mode : 'finding';
      const kind = classifyScan({ scan, mode, isProduct: () => found?.product.id ?? null });
      if (screen === null) await act(kind, scan, found);
      else screen.take({ scan, kind });
    },
    tap: (tapped) => product({ product: tapped, measure: null }),
    addAgain: product
  };
}
