/** Cash as it crosses the wire: drawers, and money of tenders that is given back. */
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

export const movementKinds = ['pay_in', 'pay_out', 'no_sale'] as const;
export type MovementKind = (typeof movementKinds)[number];

/** `POST /api/cash/movements`: the register makes the id and has journaled it; sent again, it is kept once. */
export const moveCashSchema = v.object({
  movementId: idSchema,
  kind: v.picklist(movementKinds),
  /** 0 where the drawer was only opened. */
  amountMinor: v.pipe(minorSchema, v.minValue(0)),
  currency: currencySchema,
  why: shortTextSchema,
  at: isoTimeSchema,
  by: actorSchema
});
export type MoveCash = v.InferOutput<typeof moveCashSchema>;

export const cashMovedSchema = v.object({ movementId: v.string() });

/** `POST /api/cash/returns`: confirmed with the own password. The page makes the id; pressing twice is one return. */
export const returnTenderSchema = v.object({
  returnId: idSchema,
  tenderId: idSchema,
  orderId: idSchema,
  amountMinor: positiveMinorSchema,
  currency: currencySchema,
  reason: shortTextSchema,
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(200))
});
export type ReturnTender = v.InferOutput<typeof returnTenderSchema>;

export const tenderReturnedSchema = v.object({ returnId: v.string() });

/** Cash or a card on another machine, as managers see it on an order. */
export const tenderViewSchema = v.object({
  tenderId: v.string(),
  kind: v.picklist(['cash', 'card']),
  name: v.nullable(v.string()),
  amountMinor: minorSchema,
  roundingMinor: minorSchema,
  givenMinor: minorSchema,
  returnedMinor: minorSchema,
  by: v.string(),
  /** How that cashier was named where the server did not know it: by PIN at the register alone, or as the last one there. */
  namedOffline: v.optional(v.nullable(v.picklist(['pin', 'last'])), null),
  at: v.string()
});
export type TenderView = v.InferOutput<typeof tenderViewSchema>;

/** A drawer on one day: what should lie in it beyond what lay there before. */
export const drawerSchema = v.object({
  registerCode: v.string(),
  registerName: v.string(),
  salesMinor: minorSchema,
  paidInMinor: minorSchema,
  paidOutMinor: minorSchema,
  givenBackMinor: minorSchema,
  /** Sales and paid in, less paid out and given back. */
  expectedMinor: minorSchema,
  /** How often it was opened without a sale. */
  openedCount: v.number()
});
export type Drawer = v.InferOutput<typeof drawerSchema>;
