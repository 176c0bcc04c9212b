/** What the stream of changes says: only what changed, never how. Whoever hears it asks for it. */
import * as v from 'valibot';

export const changeKinds = ['order', 'attempt', 'refund', 'catalogue', 'shop'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** `event: change` of `GET /api/changes` */
export const changeSchema = v.object({
  kind: v.picklist(changeKinds),
  id: v.string(),
  /** Of an attempt or a refund, as its view shows it; null where the one who tells does not know it. */
  version: v.nullable(v.number())
});
export type Change = v.InferOutput<typeof changeSchema>;

/** `event: hello`, the first of every stream: what changed before it is not told, so everything shown is asked for again. */
export const helloSchema = v.object({
  /** A quiet stream says something at least this often; a longer silence is a dead connection. */
  heartbeatMs: v.number()
});
