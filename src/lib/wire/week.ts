/** Seven days in figures. */
import * as v from 'valibot';
import { businessDaySchema, currencySchema, minorSchema } from './basics';

/** `GET /api/today?span=week` */
export const weekSchema = v.object({
  currency: currencySchema,
  /** Newest first. */
  days: v.array(
    v.object({
      day: businessDaySchema,
      takingsMinor: minorSchema,
      paidOrders: v.number(),
      averageMinor: minorSchema,
      refundedMinor: minorSchema,
      refundCount: v.number()
    })
  )
});
export type Week = v.InferOutput<typeof weekSchema>;
