/** The keys that sign exported journals: their public halves, enrolled by the registers that made them. */
import * as v from 'valibot';

/** SPKI in base64: a P-256 key has 124 characters. */
const publicKeySchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{100,200}={0,2}$/));

/** `POST /api/registers/keys`: this register's own key. */
export const enrolJournalKeySchema = v.object({ publicKey: publicKeySchema });
export type EnrolJournalKey = v.InferOutput<typeof enrolJournalKeySchema>;

/** `GET /api/registers/keys?register=`: all keys that a register enrolled, over its epochs. */
export const journalKeysSchema = v.object({
  keys: v.array(v.object({ registerId: v.string(), epoch: v.number(), publicKey: v.string() }))
});
export type JournalKeys = v.InferOutput<typeof journalKeysSchema>;
