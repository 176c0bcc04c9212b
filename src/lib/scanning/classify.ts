/** The one place that decides what a scan is, by what the screen is doing and by what was scanned. */
import { isOrderNumber, isStaffBadge } from './known-form';
import {
  couldBePieceOfPaymentCode,
  merchantPresented,
  recognisePaymentCode,
  type Wallet
} from './payment-code';
import { productGtin } from './product-code';
import { type Scan } from './scan';

/** What the screen is doing when a scan arrives. */
export type ScanMode = 'selling' | 'paying' | 'finding' | 'badge';

/** What a scan is. What may be a secret carries no text: take it from the scan, and only to send it. */
export type ScanKind =
  | { readonly kind: 'product'; readonly productId: string }
  /** `wallet` is a hint; null where the screen expects a payment code and the form is not one that we know. */
  | { readonly kind: 'payment_code'; readonly wallet: Wallet | null }
  | { readonly kind: 'merchant_presented' }
  | { readonly kind: 'order_receipt'; readonly number: string }
  | { readonly kind: 'staff_badge' }
  /**
   * When `safeToShow` is false, the text may be a payment code of a wallet that we don't know, or a piece of one that a slow
   * machine broke in two: show and keep none of it.
   */
  | { readonly kind: 'unknown_product'; readonly text: string; readonly safeToShow: boolean }
  | { readonly kind: 'unreadable' };

// No wallet's code is shorter than 16 characters.
const longestHarmless = 15;
// GS (group separator) belongs to GS1 data; any other control character, or a broken one, is a misread.
const broken = /[\u0000-\u001c\u001e\u001f\u007f\ufffd]/;

/**
 * Decides what a scan is. The screen counts first, then the catalogue, then the form.
 *
 * - What stands in the catalogue is a product, whatever it looks like.
 * - In the pay panel everything is a payment code, except a valid GTIN with a product's symbology, a code that a shop shows,
 *   our own receipts and badges. Unknown forms too: the gateway decides.
 * - Anywhere else a text that looks like a payment code is one: never a line, a search or a log entry.
 *
 * @param isProduct  the product's id where the catalogue has this scan, by barcode or by the shop's own patterns.
 */
export function classifyScan({
  scan,
  mode,
  isProduct
}: {
  readonly scan: Scan;
  readonly mode: ScanMode;
  readonly isProduct: (scan: Scan) => string | null;
}): ScanKind {
  const { text } = scan;
  if (text.trim() === '' || broken.test(text)) return { kind: 'unreadable' };

  const productId = isProduct(scan);
  if (productId !== null) return { kind: 'product', productId };
  if (productGtin(scan) !== null) return { kind: 'unknown_product', text, safeToShow: true };
  if (merchantPresented(text)) return { kind: 'merchant_presented' };
  if (isOrderNumber(text)) return { kind: 'order_receipt', number: text };
  if (isStaffBadge(text)) return { kind: 'staff_badge' };

  const looks = recognisePaymentCode(text);
  if (looks.looksLike) return { kind: 'payment_code', wallet: looks.wallet };
  if (mode === 'paying') return { kind: 'payment_code', wallet: null };
  // Shops have badges of their own; who asks for one takes what comes.
  if (mode === 'badge') return { kind: 'staff_badge' };

  const safeToShow = text.length <= longestHarmless && !couldBePieceOfPaymentCode(text);
  return { kind: 'unknown_product', text, safeToShow };
}
