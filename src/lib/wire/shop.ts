/** The shop, its catalogue, and who is signed in on which register. */
import * as v from 'valibot';
import { currencySchema, epochSchema, minorSchema, modes, roleSchema } from './basics';

/** How the shop builds its own codes that carry a weight, a price or a count (`EmbeddedPattern` of the catalogue). */
export const embeddedPatternSchema = v.object({ layout: v.string(), decimals: v.number() });

export const shopSchema = v.object({
  name: v.string(),
  address: v.string(),
  taxId: v.string(),
  currency: currencySchema,
  /** IANA zone, `Europe/Berlin`. */
  timeZone: v.string(),
  /** Minutes after midnight at which a business day begins. */
  dayStartsAtMinute: v.number(),
  taxMode: v.picklist(['included', 'added']),
  /** BCP 47, for money and dates. */
  locale: v.string(),
  /** Above it, one scan alone never charges. */
  oneScanLimitMinor: minorSchema,
  /** The first whose prefix fits reads a code. Missing in what an older page kept. */
  embeddedPatterns: v.optional(v.array(embeddedPatternSchema), []),
  /** How many days tills keep entries of their journals after the server got them. */
  journalKeepDays: v.optional(v.number())
});
export type Shop = v.InferOutput<typeof shopSchema>;

export const registerSchema = v.object({
  registerId: v.string(),
  /** Short, in front of every order number: `T1`. */
  code: v.string(),
  name: v.string(),
  /** Raised by every enrolment. */
  epoch: v.number(),
  /** The highest order sequence of this epoch in the ledger, where the session says it: a browser that lost its journal goes on after it. */
  lastOrderSeq: v.optional(v.number()),
  /** The newest writer of this epoch that the server has heard of; the next one counts on from it. */
  writerTerm: v.optional(v.number()),
  /** The last entry of this epoch's journal that the server has: a browser with fewer has lost its own. */
  journalSeq: v.optional(v.number())
});
export type Register = v.InferOutput<typeof registerSchema>;

export const staffSchema = v.object({
  staffId: v.string(),
  name: v.string(),
  username: v.string(),
  role: roleSchema
});
export type Staff = v.InferOutput<typeof staffSchema>;

/** `GET /api/session` */
export const sessionSchema = v.object({
  contractVersion: v.number(),
  mode: v.picklist(modes),
  shop: shopSchema,
  staff: v.nullable(staffSchema),
  /** Names the session of who is signed in, and opens nothing. */
  sessionId: v.optional(v.nullable(v.string())),
  register: v.nullable(registerSchema),
  /** As the catalogue's own: another one means that it is to be fetched again. */
  catalogueVersion: v.optional(v.string()),
  /** `TILL_TIME_SCALE`; 1 outside training. */
  timeScale: v.number()
});
export type Session = v.InferOutput<typeof sessionSchema>;

/** Version of a catalogue that nobody has changed since versions are kept: it says nothing about its content. */
export const untouchedCatalogue = 'untouched';

export const productSchema = v.object({
  id: v.string(),
  name: v.string(),
  category: v.string(),
  taxRateId: v.string(),
  prices: v.pipe(
    v.array(v.object({ id: v.string(), priceMinor: minorSchema, validFrom: v.string() })),
    v.minLength(1)
  ),
  barcodes: v.array(v.string()),
  active: v.boolean(),
  pinned: v.boolean(),
  soldOut: v.boolean(),
  minimumAge: v.nullable(v.number())
});

/** `GET /api/catalogue` */
export const catalogueSchema = v.object({
  version: v.string(),
  currency: currencySchema,
  products: v.array(productSchema),
  categories: v.array(v.object({ id: v.string(), name: v.string(), colour: v.string() })),
  taxRates: v.array(v.object({ id: v.string(), name: v.string(), ratePpm: v.number() }))
});

/** `POST /api/registers`: a manager enrols this browser as a register (a new one, or an existing one anew). */
export const enrolRegisterSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  /** Null for a new register. */
  registerId: v.nullable(v.string()),
  /** The newest epoch that this browser's own journal knows, of any register. */
  epochAbove: v.optional(epochSchema, 0)
});
export type EnrolRegister = v.InferInput<typeof enrolRegisterSchema>;
