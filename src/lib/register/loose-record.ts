/** What was scanned and stands in no order's events yet, as this register's browser keeps it for a reload. */
import * as v from 'valibot';
import { recognisePaymentCode } from '$lib/scanning/payment-code';
import type { Held } from './counter-parts';
import type { RedRow } from './order-rows';

const measureSchema = v.nullable(
  v.union([
    v.literal('unclear'),
    v.object({ kind: v.literal('weight'), grams: v.number() }),
    v.object({ kind: v.literal('price'), priceMinor: v.number() }),
    v.object({ kind: v.literal('count'), count: v.number() })
  ])
);

const looseSchema = v.object({
  registerId: v.string(),
  /** Who wrote it: an older writer's word is not taken over a newer one's. */
  epoch: v.number(),
  term: v.number(),
  /** The order that the red rows belong to, also before its first line began it. */
  orderId: v.string(),
  redRows: v.array(v.object({ rowId: v.string(), text: v.string(), count: v.number() })),
  held: v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('product'), productId: v.string(), measure: measureSchema }),
      v.object({ kind: v.literal('unknown_code'), text: v.string() })
    ])
  )
});

export type LooseRecord = Readonly<v.InferOutput<typeof looseSchema>>;

/** What was kept; null where it makes no sense. */
export function readLooseRecord(kept: unknown): LooseRecord | null {
  const parsed = v.safeParse(looseSchema, kept);
  return parsed.success ? parsed.output : null;
}

/** Red rows to be kept. A payment code is a secret: of a row that shows one only that it was there. */
export function redRowsToKeep(rows: readonly RedRow[]): LooseRecord['redRows'] {
  return rows.map((row) => ({ ...row, text: harmless(row.text) }));
}

/** Held goods to be kept: products by their id, because their price is the one of the moment when they are sold. */
export function heldToKeep(goods: readonly Held[]): LooseRecord['held'] {
  return goods.map((held) =>
    held.kind === 'product'
      ? { kind: held.kind, productId: held.product.id, measure: held.measure }
      : { kind: held.kind, text: harmless(held.text) }
  );
}

function harmless(text: string): string {
  return recognisePaymentCode(text).looksLike ? '' : text;
}
