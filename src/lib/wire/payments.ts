/** A wallet payment as it crosses the wire between register and server. */
import * as v from 'valibot';
import { attemptViewSchema } from './attempts';
import { currencySchema, idSchema, positiveMinorSchema } from './basics';
import { orderEventsSchema } from './order-events';

export { attemptViewSchema, failReasons, type AttemptView } from './attempts';

/** `POST /api/payments`: asks for money once. The same id with the same body gives the same result. */
export const requestPaymentSchema = v.object({
  attemptId: idSchema,
  orderId: idSchema,
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  amountMinor: positiveMinorSchema,
  currency: currencySchema,
  /** What was scanned. A secret: in memory only, sent once. */
  paymentCode: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
  /** The order's events so far; the server folds them with its own prices. */
  events: orderEventsSchema
});
export type RequestPayment = v.InferOutput<typeof requestPaymentSchema>;

/** `POST /api/payments/{id}/void`: shuts an attempt that may never have arrived. */
export const voidPaymentSchema = v.object({ orderId: idSchema });

/** `GET /api/payments?open=1`: this register's open attempts. */
export const attemptsSchema = v.object({ attempts: v.array(attemptViewSchema) });
