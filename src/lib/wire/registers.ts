/** The shop's registers as managers see them, and the codes with which a browser becomes one anew. */
import * as v from 'valibot';
import { businessDaySchema, currencySchema, epochSchema, minorSchema } from './basics';

export const registerRowSchema = v.object({
  registerId: v.string(),
  code: v.string(),
  name: v.string(),
  /** How often it was enrolled: each time a new journal begins. */
  epoch: v.number(),
  enrolledAt: v.string(),
  enrolledBy: v.string(),
  /** Null: never since this is noted. */
  lastSeenAt: v.nullable(v.string()),
  /** Entries that it still held when it last sent some. */
  waiting: v.number(),
  lastReceivedAt: v.nullable(v.string()),
  /** Its journal no longer arrives: an entry can't be believed. */
  stopped: v.boolean(),
  retiredAt: v.nullable(v.string())
});
export type RegisterRow = v.InferOutput<typeof registerRowSchema>;

/** `GET /api/registers`: in the order of their codes, retired ones last. */
export const registersSchema = v.object({ registers: v.array(registerRowSchema) });

export const registerNameSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40))
});

/** `POST /api/registers/{id}/code`: shown once, good once. */
export const enrolCodeSchema = v.object({ code: v.string(), expiresAt: v.string() });
export type EnrolCode = v.InferOutput<typeof enrolCodeSchema>;

/** `POST /api/registers/code`: this browser becomes the register whose code it is. */
export const useEnrolCodeSchema = v.object({
  code: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(20)),
  /** The newest epoch that this browser's own journal knows, of any register. */
  epochAbove: v.optional(epochSchema, 0)
});
export type UseEnrolCode = v.InferOutput<typeof useEnrolCodeSchema>;

export const differenceKinds = [
  'not_in_ledger',
  'not_in_journal',
  'amount',
  'gateway',
  'questioned',
  'stopped'
] as const;

const sumSchema = v.object({ count: v.number(), sumMinor: minorSchema });

/** `GET /api/registers/compare?day=`: what each register, the ledger and the wallet say of a day's wallet payments. */
export const comparisonSchema = v.object({
  day: businessDaySchema,
  currency: currencySchema,
  /** When the day's last check against the wallet ended; null: there was none. */
  checkedAt: v.nullable(v.string()),
  registers: v.array(
    v.object({
      registerId: v.string(),
      code: v.string(),
      name: v.string(),
      journal: sumSchema,
      ledger: sumSchema,
      /** Of the ledger's: those of which the wallet said the same. */
      gateway: sumSchema,
      waiting: v.number(),
      differences: v.array(
        v.object({
          kind: v.picklist(differenceKinds),
          text: v.string(),
          orderId: v.nullable(v.string()),
          number: v.nullable(v.string()),
          amountMinor: v.nullable(minorSchema)
        })
      )
    })
  )
});
export type Comparison = v.InferOutput<typeof comparisonSchema>;
