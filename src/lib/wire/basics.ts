/** Small shapes that the other wire schemas are made of. */
import * as v from 'valibot';

/** The version of everything under `/api` that changes something. An older page is told to reload before money moves. */
export const contractVersion = 1;

/**
 * Header that carries {@link contractVersion}. Pages send it with every request. The server looks at it wherever something
 * changes, but for signing in and out and for journals: what happened at a counter is taken from a page of any version.
 */
export const contractVersionHeader = 'till-contract';

/** Header that says when a register sent a request, by its own clock: milliseconds since 1970. What that is off is taken off. */
export const sentAtHeader = 'till-sent-at';

/** 128 random bits as 32 lower-case hex digits: ids that a register makes. */
export const idSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits'));

export const minorSchema = v.pipe(v.number(), v.safeInteger());
export const positiveMinorSchema = v.pipe(minorSchema, v.minValue(1));
/** An epoch that a browser claims to know. Every enrolment adds one: beyond a million it is no epoch but a broken journal. */
export const epochSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(999_999));
export const currencySchema = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
export const shortTextSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
export const isoTimeSchema = v.pipe(v.string(), v.isoTimestamp());
/** `YYYY-MM-DD`, a day of the shop's own calendar. */
export const businessDaySchema = v.pipe(v.string(), v.isoDate());

/** Who did something at a register. `offline`: the server did not know that the person was there, see `Actor`. */
export const actorSchema = v.object({
  staffId: v.string(),
  name: shortTextSchema,
  offline: v.exactOptional(v.picklist(['pin', 'last']))
});

export const roles = ['cashier', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];
export const roleSchema = v.picklist(roles);

/** True when `role` contains `needed`: an admin can do all a manager can, a manager all a cashier can. */
export function roleContains(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

export const modes = ['training', 'live'] as const;
export type Mode = (typeof modes)[number];
