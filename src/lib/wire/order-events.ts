/** The events of an order, checked where they cross the wire. */
import * as v from 'valibot';
import {
  actorSchema,
  currencySchema,
  idSchema,
  isoTimeSchema,
  minorSchema,
  positiveMinorSchema,
  shortTextSchema
} from './basics';

const happened = { at: isoTimeSchema, by: actorSchema };
const quantitySchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(9999));
const ratePpmSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000));

export const orderNumberSchema = v.pipe(v.string(), v.regex(/^[A-Z][0-9A-Z]{0,3}(\.\d+)?-\d{4,}$/));

/** The same union as `OrderEvent` in `$lib/order/events`, checked. */
export const orderEventSchema = v.variant('kind', [
  v.object({
    kind: v.literal('order_opened'),
    ...happened,
    orderId: idSchema,
    number: orderNumberSchema,
    registerId: v.string(),
    epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    currency: currencySchema,
    taxMode: v.picklist(['included', 'added'])
  }),
  v.object({
    kind: v.literal('line_added'),
    ...happened,
    lineId: idSchema,
    productId: v.string(),
    priceVersionId: v.string(),
    name: shortTextSchema,
    unitPriceMinor: minorSchema,
    taxRateId: v.string(),
    taxRatePpm: ratePpmSchema,
    quantity: quantitySchema
  }),
  v.object({
    kind: v.literal('open_line_added'),
    ...happened,
    lineId: idSchema,
    name: shortTextSchema,
    unitPriceMinor: positiveMinorSchema,
    taxRateId: v.string(),
    taxRatePpm: ratePpmSchema,
    quantity: quantitySchema,
    why: shortTextSchema
  }),
  v.object({ kind: v.literal('quantity_set'), ...happened, lineId: idSchema, quantity: quantitySchema }),
  v.object({ kind: v.literal('line_removed'), ...happened, lineId: idSchema }),
  v.object({ kind: v.literal('line_restored'), ...happened, lineId: idSchema }),
  v.object({
    kind: v.literal('discount_added'),
    ...happened,
    discountId: idSchema,
    lineId: v.nullable(idSchema),
    discount: v.variant('type', [
      v.object({ type: v.literal('amount'), amountMinor: positiveMinorSchema }),
      v.object({ type: v.literal('percent'), ratePpm: v.pipe(ratePpmSchema, v.minValue(1)) })
    ]),
    why: shortTextSchema
  }),
  v.object({ kind: v.literal('discount_removed'), ...happened, discountId: idSchema }),
  v.object({ kind: v.literal('order_parked'), ...happened }),
  v.object({ kind: v.literal('order_resumed'), ...happened }),
  v.object({ kind: v.literal('order_cleared'), ...happened }),
  v.object({ kind: v.literal('order_restored'), ...happened }),
  v.object({
    kind: v.literal('age_confirmed'),
    ...happened,
    age: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(99))
  }),
  v.object({ kind: v.literal('order_given_free'), ...happened }),
  v.object({
    kind: v.literal('cash_tendered'),
    ...happened,
    tenderId: idSchema,
    amountMinor: positiveMinorSchema,
    roundingMinor: minorSchema,
    givenMinor: v.pipe(minorSchema, v.minValue(0))
  }),
  v.object({
    kind: v.literal('card_tendered'),
    ...happened,
    tenderId: idSchema,
    amountMinor: positiveMinorSchema,
    name: shortTextSchema
  }),
  v.object({ kind: v.literal('tender_removed'), ...happened, tenderId: idSchema, why: shortTextSchema })
]);

export const orderEventsSchema = v.pipe(v.array(orderEventSchema), v.minLength(1), v.maxLength(2000));
