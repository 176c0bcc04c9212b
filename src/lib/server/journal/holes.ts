/**
 * A server that was restored from a backup asks for entries that a register may have let go: they were confirmed, and
 * older than the shop keeps them. The register's checkpoint says where its chain goes on and what was not over there, so
 * that no sale waits for them; what lies in between is written down as missing, and a person is told.
 */
import * as v from 'valibot';
import { canonicalJson } from '$lib/chain/canonical-json';
import { isChainEntry, type ChainEntry } from '$lib/chain/entry';
import { verifyChain } from '$lib/chain/verify';
import { checkpointSchema, type CheckpointBody } from '$lib/wire/journal';
import type { Ledger, LedgerTransaction } from '../ledger/ledger';
import { raiseTask } from '../payments/tasks';
import type { JournalSender } from './journal-sender';
import type { ReadEntry } from './read-batch';

/** A checkpoint that is what its writer hashed. */
export interface ReadCheckpoint {
  readonly entry: ChainEntry;
  readonly body: CheckpointBody;
  /** Where the chain goes on. */
  readonly cut: { readonly seq: number; readonly hash: string };
}

/** Null where nothing came, or it says nothing that can be believed of this epoch: then nothing is skipped. */
export async function readCheckpoint({
  sender,
  epoch,
  checkpoint
}: {
  readonly sender: JournalSender;
  readonly epoch: number;
  readonly checkpoint: unknown;
}): Promise<ReadCheckpoint | null> {
  if (!isChainEntry(checkpoint) || checkpoint.kind !== 'checkpoint') return null;
  const { registerId, epoch: writtenIn, seq, prevHash } = checkpoint;
  if (registerId !== sender.registerId || writtenIn > sender.epoch) return null;
  const after = seq === 1 ? null : { registerId, epoch: writtenIn, seq: seq - 1, hash: prevHash };
  const verdict = await verifyChain({ entries: [checkpoint], after });
  const body = v.safeParse(checkpointSchema, checkpoint.body);
  if (!verdict.ok || !body.success) return null;
  const cut = body.output.cuts.find((one) => one.epoch === epoch);
  if (cut === undefined) return null;
  return { entry: checkpoint, body: body.output, cut: { seq: cut.upTo, hash: cut.hash } };
}

/** Writes down what is missing from where the chain stands here up to the checkpoint's cut. */
export async function keepHole(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  epoch: number;
  fromSeq: number;
  read: ReadCheckpoint;
  now: number;
}): Promise<void> {
  const { trx, sender, epoch, fromSeq, read, now } = options;
  await trx
    .insertInto('journal_holes')
    .values({
      register_id: sender.registerId,
      epoch,
      from_seq: fromSeq,
      to_seq: read.cut.seq,
      checkpoint: canonicalJson(read.entry),
      noticed_at_ms: now
    })
    .execute();
  await raiseTask(trx, {
    task: {
      kind: 'journal',
      text: `${sender.code}, entries ${epoch}/${fromSeq} to ${epoch}/${read.cut.seq}: this server was restored from before them, and the till keeps them no longer. Look for a newer backup; sales of those days may be missing here`
    },
    id: `${sender.registerId}:${epoch}:hole:${fromSeq}`,
    attemptId: null,
    orderId: null,
    now
  });
}

/** What a checkpoint tells, as entries that stand where its cut is. */
export function toldBy({ entry, body, cut }: ReadCheckpoint, epoch: number): readonly ReadEntry[] {
  const told = (kind: string, orderId: string, about: unknown, atMs?: number): ReadEntry[] => {
    const one: unknown = {
      ...entry,
      epoch,
      seq: cut.seq,
      at: atMs === undefined ? entry.at : new Date(atMs).toISOString(),
      kind,
      orderId,
      body: about
    };
    return isChainEntry(one) ? [{ entry: one, raw: '' }] : [];
  };
  return [
    ...body.orders.flatMap(({ orderId }) => told('checkpoint', orderId, {})),
    ...body.attempts.flatMap(({ orderId, requested, requestedAtMs, seen }) => [
      ...told('attempt_requested', orderId, requested, requestedAtMs),
      ...(seen === null ? [] : told('attempt_seen', orderId, seen))
    ])
  ];
}

/** Up to where an order's events are known from a checkpoint, because the entries themselves are missing. */
export interface KnownFromCheckpoint {
  readonly epoch: number;
  readonly seq: number;
  readonly events: readonly unknown[];
}

/** By order; nothing for a register without holes, which is every one that was never restored to so old a backup. */
export async function readKnownFromCheckpoints(
  db: Pick<Ledger['db'], 'selectFrom'>,
  registerId: string
): Promise<ReadonlyMap<string, KnownFromCheckpoint>> {
  const holes = await db
    .selectFrom('journal_holes')
    .select(['epoch', 'to_seq', 'checkpoint'])
    .where('register_id', '=', registerId)
    .orderBy('epoch')
    .orderBy('from_seq')
    .execute();
  const known = new Map<string, KnownFromCheckpoint>();
  for (const hole of holes) {
    const entry: unknown = JSON.parse(hole.checkpoint);
    const body = v.safeParse(checkpointSchema, isChainEntry(entry) ? entry.body : null);
    if (!body.success) continue;
    for (const { orderId, events } of body.output.orders) {
      known.set(orderId, { epoch: hole.epoch, seq: hole.to_seq, events });
    }
  }
  return known;
}
