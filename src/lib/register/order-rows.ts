/** The order's rows as the screen shows them: the line touched last is the newest and stands at the bottom. */
import type { DiscountAmount } from '$lib/order/events';
import type { Order, OrderLine } from '$lib/order/order';
import type { LineTotal, Totals } from '$lib/order/totals';

/** One row of the order as the screen shows it, newest last. */
export type OrderRow =
  | { readonly kind: 'line'; readonly key: string; readonly line: OrderLine; readonly total: LineTotal }
  /** "Removed cola · Undo": for 8 s. `leftMs` counts down. */
  | { readonly kind: 'removed'; readonly key: string; readonly line: OrderLine; readonly leftMs: number }
  /** "Took back 1 × cola · Undo": the line has fewer than before. For 8 s. */
  | {
      readonly kind: 'taken_back';
      readonly key: string;
      readonly line: OrderLine;
      readonly quantity: number;
      readonly leftMs: number;
    }
  /** A scanned code that nobody knows: blocks charging until it is sorted out. */
  | {
      readonly kind: 'unknown_code';
      readonly key: string;
      readonly rowId: string;
      /** Empty where the code must not be shown: it may be a secret. */
      readonly text: string;
      /** How often it was scanned; a code that must not be shown is not compared, and so always once. */
      readonly count: number;
    };

/** A discount with what it takes off and its ×. */
export interface DiscountRow {
  readonly discountId: string;
  readonly lineId: string | null;
  readonly discount: DiscountAmount;
  readonly why: string;
  readonly amountMinor: number;
}

/** A code that nobody knows, waiting for a person. It never gets into the order's events. */
export interface RedRow {
  readonly rowId: string;
  readonly text: string;
  readonly count: number;
}

/** A quantity that was just lowered by taking the last scan back. */
export interface TakenBack {
  readonly lineId: string;
  readonly quantity: number;
  readonly leftMs: number;
}

/** Something by line id, such as when it happened. */
export type Moments = Readonly<Record<string, number>>;

/**
 * @param touched when a line or red row was last added to, by id; a greater number is later
 * @param removedLeftMs how long a removed line can still be put back, by line id; null where it can't
 * @param takenBack what was taken off a line and can still be put back; null where nothing can
 */
export function orderRows({
  order,
  totals,
  redRows,
  touched,
  removedLeftMs,
  takenBack
}: {
  readonly order: Order | null;
  readonly totals: Totals;
  readonly redRows: readonly RedRow[];
  readonly touched: Moments;
  readonly removedLeftMs: (lineId: string) => number | null;
  readonly takenBack: TakenBack | null;
}): readonly OrderRow[] {
  const moneyOf = new Map(totals.lines.map((line) => [line.lineId, line]));
  const lines = (order?.lines ?? []).flatMap((line): OrderRow[] => {
    if (line.removed) {
      const leftMs = removedLeftMs(line.lineId);
      return leftMs === null ? [] : [{ kind: 'removed', key: line.lineId, line, leftMs }];
    }
    const total = moneyOf.get(line.lineId);
    return total === undefined ? [] : [{ kind: 'line', key: line.lineId, line, total }];
  });
  const red = redRows.map((row): OrderRow => ({ kind: 'unknown_code', key: row.rowId, ...row }));
  const sorted = [...lines, ...red].sort((a, b) => (touched[a.key] ?? 0) - (touched[b.key] ?? 0));
  if (takenBack === null) return sorted;
  const { lineId, quantity, leftMs } = takenBack;
  return sorted.flatMap((row): OrderRow[] =>
    row.kind === 'line' && row.line.lineId === lineId
      ? [row, { kind: 'taken_back', key: `${lineId}-taken-back`, line: row.line, quantity, leftMs }]
      : [row]
  );
}

/** The discounts in force, with what each really takes off. */
export function discountRows(order: Order | null, totals: Totals): readonly DiscountRow[] {
  const tookOff = new Map(totals.discounts.map((one) => [one.discountId, one.amountMinor]));
  return (order?.discounts ?? []).map((discount) => ({
    ...discount,
    amountMinor: tookOff.get(discount.discountId) ?? 0
  }));
}
