/** The manager's desk as it crosses the wire: what needs a person, what is still asked about, and the days' checks. */
import * as v from 'valibot';
import { businessDaySchema, currencySchema, minorSchema, positiveMinorSchema } from './basics';
import { timelineEntrySchema } from './orders';
import { attemptViewSchema } from './payments';

/** What a manager may write about an open payment (money rule 13). Neither changes the payment: asking goes on. */
export const resolutionNames = ['not_charged', 'charged'] as const;
export type ResolutionName = (typeof resolutionNames)[number];

/** A person's own words on why: long enough to say something to whoever reads it later. */
export const whySchema = v.pipe(v.string(), v.trim(), v.minLength(5), v.maxLength(500));

/** `POST /api/desk/attempts/{id}/resolve` */
export const resolveAttemptSchema = v.object({ resolution: v.picklist(resolutionNames), why: whySchema });
export type ResolveAttempt = v.InferOutput<typeof resolveAttemptSchema>;

/** `POST /api/desk/tasks/{id}/done` */
export const doneTaskSchema = v.object({ why: whySchema });
export type DoneTask = v.InferOutput<typeof doneTaskSchema>;

export const taskDoneSchema = v.object({ done: v.literal(true) });

export const resolutionSchema = v.object({
  resolution: v.picklist(resolutionNames),
  why: v.string(),
  by: v.string(),
  at: v.string()
});
export type Resolution = v.InferOutput<typeof resolutionSchema>;

/** A payment with its order, and what was asked and answered about it, oldest first. */
export const deskAttemptSchema = v.object({
  attempt: attemptViewSchema,
  number: v.nullable(v.string()),
  /** "Americano, 2 croissants, +1" */
  what: v.nullable(v.string()),
  /** The business day of its order. */
  orderDay: v.nullable(businessDaySchema),
  resolutions: v.array(resolutionSchema),
  log: v.array(timelineEntrySchema)
});
export type DeskAttempt = v.InferOutput<typeof deskAttemptSchema>;

export const taskKinds = ['late_money', 'surplus', 'mismatch', 'contradiction', 'alarm', 'journal'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Why late money can't be attached now. */
export const attachObstacles = ['already_paid', 'order_busy', 'refund_in_flight', 'part_given_back'] as const;
export type AttachObstacle = (typeof attachObstacles)[number];

export const deskTaskSchema = v.object({
  taskId: v.number(),
  kind: v.picklist(taskKinds),
  /** Till's own sentence on what happened. */
  text: v.string(),
  createdAt: v.string(),
  orderId: v.nullable(v.string()),
  about: v.nullable(deskAttemptSchema),
  /** For late money: why it can't be attached; null where it can. */
  attachObstacle: v.nullable(v.picklist(attachObstacles)),
  /** What a refund of it would be, ready to be confirmed; null where there is nothing to give back now. */
  giveBackMinor: v.nullable(positiveMinorSchema),
  /** A refund of this payment is on its way. */
  refundOnItsWay: v.boolean()
});
export type DeskTask = v.InferOutput<typeof deskTaskSchema>;

/** How a check of a day against the gateway stands, or ended. */
export const reconciliationSchema = v.object({
  reconciliationId: v.number(),
  day: businessDaySchema,
  startedAt: v.string(),
  /** Null while it runs. */
  endedAt: v.nullable(v.string()),
  /** A person's name, or `till` for the schedule. */
  startedBy: v.string(),
  /** Payments and refunds of the day. */
  total: v.number(),
  /** Of them: answered by the gateway and compared. */
  compared: v.number(),
  differences: v.number(),
  /** Asked several times without an answer. */
  unanswered: v.number(),
  /** Compared and not yet ended at the gateway either. */
  stillOpen: v.number()
});
export type Reconciliation = v.InferOutput<typeof reconciliationSchema>;

/** `GET /api/reconciliations`: newest first. `POST` takes the day and answers with the check that runs. */
export const reconciliationsSchema = v.object({ reconciliations: v.array(reconciliationSchema) });
export type Reconciliations = v.InferOutput<typeof reconciliationsSchema>;
export const startReconciliationSchema = v.object({
  /** The running business day where left out. */
  day: v.optional(businessDaySchema)
});

/** `GET /api/desk` */
export const deskSchema = v.object({
  currency: currencySchema,
  /** Oldest first. */
  tasks: v.array(deskTaskSchema),
  /** Open payments beyond the counter's minute, oldest first; the resolved ones too. */
  attempts: v.array(deskAttemptSchema),
  /** What all of them are worth, resolved ones aside. */
  openMinor: minorSchema
});
export type Desk = v.InferOutput<typeof deskSchema>;
