/** The shop's settings and the connection check, as the admin's page asks for them. */
import * as v from 'valibot';
import { fewestKeepDays, mostKeepDays } from '$lib/chain/keep-days';
import { currencySchema, isoTimeSchema, minorSchema } from './basics';
import { embeddedPatternSchema, shopSchema } from './shop';

/** What an admin may change. What is left out stays as it is. */
export const saveShopSchema = v.partial(
  v.object({
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
    address: v.pipe(v.string(), v.trim(), v.maxLength(200)),
    taxId: v.pipe(v.string(), v.trim(), v.maxLength(40)),
    timeZone: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
    dayStartsAtMinute: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(24 * 60 - 1)),
    journalKeepDays: v.pipe(
      v.number(),
      v.safeInteger(),
      v.minValue(fewestKeepDays),
      v.maxValue(mostKeepDays)
    ),
    oneScanLimitMinor: v.pipe(minorSchema, v.minValue(0), v.maxValue(1_000_000_000)),
    /** Up to it a refund is confirmed by PIN; 0: always by the password. */
    refundPinLimitMinor: v.pipe(minorSchema, v.minValue(0), v.maxValue(1_000_000_000)),
    currency: currencySchema,
    taxMode: v.picklist(['included', 'added']),
    embeddedPatterns: v.pipe(v.array(embeddedPatternSchema), v.maxLength(20)),
    /** The admin's own: needed to raise what a PIN is good for, unless it was typed a moment ago. */
    ownPassword: v.pipe(v.string(), v.minLength(1), v.maxLength(200))
  })
);
export type SaveShopRequest = v.InferOutput<typeof saveShopSchema>;
/** The change itself, without the proof. */
export type SaveShop = Omit<SaveShopRequest, 'ownPassword'>;

/** `GET /api/shop`, `POST /api/shop` */
export const shopSettingsSchema = v.object({
  shop: shopSchema,
  refundPinLimitMinor: minorSchema,
  /** Sold in already: prices or orders would mean something else. */
  fixed: v.object({ currency: v.boolean(), taxMode: v.boolean() }),
  /** From how few to how many days tills may keep their journals. */
  keepDays: v.object({ from: v.number(), to: v.number() }),
  /** Newest first. */
  changes: v.array(v.object({ at: isoTimeSchema, by: v.string(), what: v.string() }))
});
export type ShopSettings = v.InferOutput<typeof shopSettingsSchema>;

const stepResultSchema = v.picklist(['good', 'bad', 'unclear']);

/** `POST /api/connection-check` */
export const connectionCheckSchema = v.object({
  /** False where something is known to be wrong. */
  ok: v.boolean(),
  steps: v.object({
    reach: stepResultSchema,
    their_signature: stepResultSchema,
    clock: stepResultSchema,
    our_signature: stepResultSchema,
    merchant: stepResultSchema
  }),
  /** For people: what was found, what to do. */
  words: v.string(),
  /** Where it asked; true for the training gateway. */
  address: v.string(),
  training: v.boolean(),
  /** When it was asked, by this server's clock. */
  at: isoTimeSchema,
  /** The gateway's clock minus this server's; null where the answer had no date. */
  clockOffMs: v.nullable(v.number()),
  code: v.nullable(v.string()),
  message: v.nullable(v.string()),
  psn: v.nullable(v.string())
});
export type ConnectionCheckView = v.InferOutput<typeof connectionCheckSchema>;
export type CheckStep = keyof ConnectionCheckView['steps'];

/** `GET /api/opening`: what a register's opening check asks. */
export const openingSchema = v.object({
  /** This server's clock, milliseconds since 1970. */
  nowMs: v.number(),
  /** What a question to the gateway came to just now; `refused`: it answers, and the two do not understand each other. */
  gateway: v.picklist(['ok', 'unreachable', 'refused']),
  /** The gateway's clock minus this server's; null where its answer had no date. */
  gatewayClockOffMs: v.nullable(v.number())
});
export type Opening = v.InferOutput<typeof openingSchema>;
