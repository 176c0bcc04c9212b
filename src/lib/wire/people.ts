/** People as they cross the wire: what an admin does with them, and who may take over at a register. */
import * as v from 'valibot';
import { roleSchema } from './basics';

const nameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60));
const usernameSchema = v.pipe(v.string(), v.regex(/^[a-z0-9_.]{3,30}$/));
const passwordSchema = v.pipe(v.string(), v.minLength(8), v.maxLength(128));
const pinSchema = v.pipe(v.string(), v.regex(/^\d{4,8}$/));

export const personSchema = v.object({
  staffId: v.string(),
  name: v.string(),
  username: v.string(),
  role: roleSchema,
  disabled: v.boolean(),
  /** How long the PIN is; null: none is set. */
  pinDigits: v.nullable(v.number()),
  /** True where they have a badge that is good. */
  hasBadge: v.boolean()
});
export type Person = v.InferOutput<typeof personSchema>;

/** The answer to a change. */
export const changedPersonSchema = v.object({
  ...personSchema.entries,
  /** What stands on the card that was made: a secret. It is told here, once, and never again. */
  newBadge: v.exactOptional(v.string())
});
export type ChangedPerson = v.InferOutput<typeof changedPersonSchema>;

/**
 * The admin's own password: asked for (`proof_needed`) by what lets somebody sign in or decide about money, unless it was
 * typed in this session a moment ago.
 */
export const ownPasswordEntry = {
  ownPassword: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(200)))
};

/** `GET /api/people` */
export const peopleSchema = v.object({ people: v.array(personSchema) });

/** `POST /api/people` */
export const addPersonSchema = v.object({
  username: usernameSchema,
  name: nameSchema,
  role: roleSchema,
  password: passwordSchema,
  ...ownPasswordEntry
});
export type AddPerson = v.InferOutput<typeof addPersonSchema>;

/** `POST /api/people/{id}`: one change at a time. */
export const changePersonSchema = v.variant('change', [
  v.object({ change: v.literal('rename'), name: nameSchema }),
  v.object({ change: v.literal('role'), role: roleSchema, ...ownPasswordEntry }),
  /** Sessions end at once. */
  v.object({ change: v.literal('disable') }),
  v.object({ change: v.literal('enable'), ...ownPasswordEntry }),
  /** A new password; sessions end at once. */
  v.object({ change: v.literal('password'), password: passwordSchema, ...ownPasswordEntry }),
  /** Null takes the PIN away. */
  v.object({ change: v.literal('pin'), pin: v.nullable(pinSchema), ...ownPasswordEntry }),
  /** A new badge, which ends the one before it; null takes it away. */
  v.object({ change: v.literal('badge'), badge: v.nullable(v.literal('new')), ...ownPasswordEntry })
]);
export type ChangePerson = v.InferOutput<typeof changePersonSchema>;

/** `GET /api/people/here`: whom an enrolled register may ask for a PIN. */
export const peopleHereSchema = v.object({
  people: v.array(
    v.object({
      staffId: v.string(),
      name: v.string(),
      /** When the PIN was set, in milliseconds since 1970: what a register knows of an older one is forgotten there. */
      pinSetAtMs: v.exactOptional(v.number())
    })
  )
});
export type PersonHere = v.InferOutput<typeof peopleHereSchema>['people'][number];

/** `POST /api/auth/pin`: somebody takes over at this register. */
export const takeOverSchema = v.object({ staffId: v.pipe(v.string(), v.maxLength(64)), pin: pinSchema });
export type TakeOver = v.InferOutput<typeof takeOverSchema>;

/** `POST /api/auth/badge`: the same, by what stands on a card. */
export const takeOverByBadgeSchema = v.object({ badge: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) });
