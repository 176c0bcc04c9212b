/** Orders as they cross the wire: the events, and what managers and admins see of an order. */
import * as v from 'valibot';
import { businessDaySchema, currencySchema, idSchema, minorSchema } from './basics';
import { drawerSchema, tenderViewSchema } from './cash';
import { orderEventsSchema } from './order-events';
import { attemptViewSchema } from './payments';
import { refundViewSchema } from './refunds';

/** `POST /api/orders`: stores an order that needs no gateway (its total is zero, or it was cleared or parked). */
export const storeOrderSchema = v.object({
  orderId: idSchema,
  /** How many events there are: the order's revision. */
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  events: orderEventsSchema
});
export type StoreOrder = v.InferOutput<typeof storeOrderSchema>;

/** What of an order was kept. */
export const storedOrderSchema = v.object({ orderId: v.string(), revision: v.number(), number: v.string() });

/** The eight words that owners read (ux, point 15), and `open` for an order that nobody asked money for yet. */
export const orderStandings = [
  'open',
  'paid',
  'not_paid',
  'checking',
  'stopped',
  'refund_on_its_way',
  'part_refunded',
  'refunded',
  'needs_you'
] as const;
export type OrderStanding = (typeof orderStandings)[number];

export const orderRowSchema = v.object({
  orderId: v.string(),
  number: v.string(),
  /** When the server first heard of it. */
  openedAt: v.string(),
  businessDay: businessDaySchema,
  registerCode: v.string(),
  staffName: v.string(),
  /** "Americano, 2 croissants, +1" */
  what: v.string(),
  standing: v.picklist(orderStandings),
  /** `Alipay`, `WeChatPay` … as the gateway names the wallet, or null. */
  wallet: v.nullable(v.string()),
  /** What stands on it in cash and by other machines' cards. */
  tendered: v.optional(v.array(v.picklist(['cash', 'card'])), []),
  /** A cashier did something of it whom the server did not know to be there: without a network. */
  namedOffline: v.optional(v.boolean(), false),
  totalMinor: minorSchema,
  paidMinor: minorSchema,
  refundedMinor: minorSchema,
  currency: currencySchema
});
export type OrderRow = v.InferOutput<typeof orderRowSchema>;

/** `GET /api/today?day=` */
export const todaySchema = v.object({
  day: businessDaySchema,
  currency: currencySchema,
  /** Wallet money confirmed that day and what was tendered in it, less nothing: refunds stand beside it. */
  takingsMinor: minorSchema,
  paidOrders: v.number(),
  averageMinor: minorSchema,
  refundedMinor: minorSchema,
  refundCount: v.number(),
  /** The same weekday a week before, up to the same time of day; null when there is nothing to compare. */
  before: v.nullable(
    v.object({ takingsMinor: minorSchema, paidOrders: v.number(), averageMinor: minorSchema })
  ),
  /** In the order of the business day; hours of the shop's clock. `weekBeforeMinor`: the whole hour, a week before. */
  byHour: v.array(
    v.object({ hour: v.number(), takingsMinor: minorSchema, weekBeforeMinor: v.optional(minorSchema, 0) })
  ),
  byWallet: v.array(v.object({ wallet: v.string(), takingsMinor: minorSchema })),
  /** Cash, and each other card machine by its name. */
  byTender: v.optional(
    v.array(
      v.object({
        kind: v.picklist(['cash', 'card']),
        name: v.nullable(v.string()),
        takingsMinor: minorSchema
      })
    ),
    []
  ),
  /** What should lie in the drawers of what that day brought. */
  drawers: v.optional(v.array(drawerSchema), []),
  /** Late money and payments on the desk. */
  needsYou: v.array(
    v.object({
      kind: v.picklist(['late_money', 'surplus', 'checking', 'alarm']),
      orderId: v.nullable(v.string()),
      number: v.nullable(v.string()),
      amountMinor: v.nullable(minorSchema),
      text: v.string()
    })
  ),
  /** Products that were added at the counter and wait for an admin. */
  productsToTidy: v.optional(v.number(), 0),
  /** Money confirmed that day for orders of another one: it counts here, and the day that it belongs to is named. */
  fromOtherDays: v.optional(
    v.array(
      v.object({ orderId: v.string(), number: v.string(), day: businessDaySchema, amountMinor: minorSchema })
    ),
    []
  ),
  orders: v.array(orderRowSchema)
});
export type Today = v.InferOutput<typeof todaySchema>;

export const timelineEntrySchema = v.object({
  at: v.string(),
  /** `attempt`, `refund`, `order`, `cancel` … */
  subject: v.string(),
  /** A stable name such as `submit_started`, `proven_paid`, `cancel_requested`, `refund_requested`. */
  what: v.string(),
  actor: v.string(),
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  psn: v.nullable(v.string()),
  code: v.nullable(v.string()),
  message: v.nullable(v.string()),
  amountMinor: v.nullable(minorSchema)
});

/** `GET /api/orders/{id}` (manager) and `GET /api/orders?number=` (admin: any number a shopper can show). */
export const orderDetailSchema = v.object({
  ...orderRowSchema.entries,
  events: orderEventsSchema,
  attempts: v.array(attemptViewSchema),
  refunds: v.array(refundViewSchema),
  /** Cash and other machines' cards that stand on it. */
  tenders: v.optional(v.array(tenderViewSchema), []),
  refundableMinor: minorSchema,
  refundPendingMinor: minorSchema,
  timeline: v.array(timelineEntrySchema)
});
export type OrderDetail = v.InferOutput<typeof orderDetailSchema>;

export const findOrdersSchema = v.object({ orders: v.array(orderRowSchema) });
