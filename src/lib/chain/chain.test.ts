import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from './canonical-json';
import { firstPrevHash, type ChainEntry, type EntryDraft, type JournalEntry } from './entry';
import { appendTo, hashEntry } from './hash';
import { verifyChain } from './verify';

function draft(body: JsonObject, more: Partial<EntryDraft> = {}): EntryDraft {
  return {
    registerId: 'r1',
    epoch: 1,
    at: '2026-11-03T09:41:07.120Z',
    monotonicMs: 1042.5,
    kind: 'order_event',
    orderId: 'o1',
    body,
    ...more
  };
}

async function chainOf(bodies: readonly JsonObject[], more: Partial<EntryDraft> = {}): Promise<ChainEntry[]> {
  const entries: ChainEntry[] = [];
  for (const body of bodies) {
    entries.push(await appendTo({ head: entries.at(-1) ?? null, draft: draft(body, more) }));
  }
  return entries;
}

/** Takes the list apart at one entry, which the generators guarantee to be there. */
function entryAt(entries: readonly ChainEntry[], index: number): ChainEntry {
  const entry = entries[index];
  if (entry === undefined) throw new Error('the test picked an entry that is not there');
  return entry;
}

// bodies repeat on purpose: equal content must not make two entries interchangeable
const bodies = fc.array(fc.constantFrom<JsonObject>({ n: 1 }, { n: 2 }, { name: 'Flat white' }), {
  minLength: 1,
  maxLength: 8
});
const chainAndIndex = bodies.chain((list) => fc.tuple(fc.constant(list), fc.nat({ max: list.length - 1 })));

describe('an entry', () => {
  it('has the hash that any other program computes over the same fields', async () => {
    const body = { name: 'Café “Zoë” 咖啡', priceMinor: 380, none: null, list: [1, '2', true] };
    const entry = await appendTo({ head: null, draft: draft(body) });
    expect(entry.hash).toBe('cf94edb7f9c3a9472ec8a01da62915b7b31d9d2187bcbe8e2ebf16a787abfa3a');
    expect(entry.seq).toBe(1);
    expect(entry.prevHash).toBe(firstPrevHash);
  });

  it('has the same hash whether or not its own hash is on it', async () => {
    const [entry] = await chainOf([{ n: 1 }]);
    expect(entry && (await hashEntry(entry))).toBe(entry?.hash);
  });

  it('follows the head: next number, its hash, same register and epoch', async () => {
    const [first, second] = await chainOf([{ n: 1 }, { n: 2 }]);
    expect(second?.seq).toBe(2);
    expect(second?.prevHash).toBe(first?.hash);
    const head = first ?? null;
    await expect(appendTo({ head, draft: draft({}, { epoch: 2 }) })).rejects.toThrow(RangeError);
    await expect(appendTo({ head, draft: draft({}, { registerId: 'r2' }) })).rejects.toThrow(RangeError);
  });

  it('keeps the kind of its draft as a type', async () => {
    const entry: JournalEntry = await appendTo({
      head: null,
      draft: { ...draft({}), kind: 'checkpoint' as const }
    });
    expect(entry.kind).toBe('checkpoint');
  });

  it('carries nothing that the draft had beside its fields', async () => {
    const careless = { ...draft({ n: 1 }), paymentCode: 'secret' };
    const entry = await appendTo({ head: null, draft: careless });
    expect(JSON.stringify(entry)).not.toContain('secret');
  });
});

describe('checking a chain', () => {
  it('believes what was appended, whole or in parts, also after a journey through JSON', async () => {
    await fc.assert(
      fc.asyncProperty(chainAndIndex, async ([list, cut]) => {
        const entries: ChainEntry[] = JSON.parse(JSON.stringify(await chainOf(list)));
        const last = entryAt(entries, entries.length - 1);
        const head = { registerId: 'r1', epoch: 1, seq: last.seq, hash: last.hash };
        expect(await verifyChain({ entries })).toEqual({ ok: true, head });

        const before = entryAt(entries, cut);
        const rest = entries.slice(cut + 1);
        expect(await verifyChain({ entries: rest, after: before })).toMatchObject({
          ok: true,
          head: { seq: last.seq, hash: last.hash }
        });
      })
    );
  });

  it('takes no entries as no news', async () => {
    const after = { registerId: 'r1', epoch: 1, seq: 7, hash: 'f'.repeat(64) };
    expect(await verifyChain({ entries: [] })).toEqual({ ok: true, head: null });
    expect(await verifyChain({ entries: [], after })).toEqual({ ok: true, head: after });
  });

  it('finds a change of any field of any entry', async () => {
    const changes: ReadonlyArray<Partial<Record<keyof ChainEntry, unknown>>> = [
      { registerId: 'r2' },
      { epoch: 2 },
      { seq: 99 },
      { at: '2026-11-03T09:41:07.121Z' },
      { monotonicMs: 1042.6 },
      { kind: 'checkpoint' },
      { orderId: null },
      { orderId: 'o2' },
      { body: { n: 3 } },
      { body: {} },
      { prevHash: 'a'.repeat(64) },
      { hash: 'a'.repeat(64) }
    ];
    await fc.assert(
      fc.asyncProperty(chainAndIndex, fc.constantFrom(...changes), async ([list, index], change) => {
        const entries = await chainOf(list);
        const changed = entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
        const verdict = await verifyChain({ entries: changed });
        expect(verdict.ok).toBe(false);
        if (!verdict.ok) expect(verdict.at).toBe(index);
      })
    );
  });

  it('finds a changed entry even when its own hash was computed anew', async () => {
    await fc.assert(
      fc.asyncProperty(chainAndIndex, async ([list, index]) => {
        const entries = await chainOf([...list, { n: 1 }]);
        const forged = { ...entryAt(entries, index), body: { forged: true } };
        const rehashed = { ...forged, hash: await hashEntry(forged) };
        const verdict = await verifyChain({ entries: entries.with(index, rehashed) });
        expect(verdict).toEqual({ ok: false, at: index + 1, reason: 'wrong_prev' });
      })
    );
  });

  it('finds a dropped entry, or ends at another head when it was the last', async () => {
    await fc.assert(
      fc.asyncProperty(chainAndIndex, async ([list, index]) => {
        const entries = await chainOf(list);
        const verdict = await verifyChain({ entries: entries.toSpliced(index, 1) });
        if (index < entries.length - 1) expect(verdict).toEqual({ ok: false, at: index, reason: 'gap' });
        else expect(verdict.ok && verdict.head?.hash).not.toBe(entryAt(entries, index).hash);
      })
    );
  });

  it('finds two entries that changed places', async () => {
    const two = bodies.chain((list) =>
      fc.tuple(
        fc.constant([...list, { n: 9 }]),
        fc.nat({ max: list.length - 1 }),
        fc.nat({ max: list.length })
      )
    );
    await fc.assert(
      fc.asyncProperty(two, async ([list, a, b]) => {
        fc.pre(a !== b);
        const entries = await chainOf(list);
        const swapped = entries.with(a, entryAt(entries, b)).with(b, entryAt(entries, a));
        expect(await verifyChain({ entries: swapped })).toEqual({
          ok: false,
          at: Math.min(a, b),
          reason: 'gap'
        });
      })
    );
  });

  it('finds an entry that is there twice', async () => {
    await fc.assert(
      fc.asyncProperty(chainAndIndex, async ([list, index]) => {
        const entries = await chainOf(list);
        const doubled = entries.toSpliced(index, 0, entryAt(entries, index));
        expect(await verifyChain({ entries: doubled })).toEqual({ ok: false, at: index + 1, reason: 'gap' });
      })
    );
  });

  it('finds an entry of another register or epoch in between', async () => {
    const entries = await chainOf([{ n: 1 }, { n: 2 }]);
    const other = await chainOf([{ n: 1 }, { n: 2 }], { registerId: 'r2' });
    const later = await chainOf([{ n: 1 }, { n: 2 }], { epoch: 2 });
    const bad = { ok: false, at: 1, reason: 'wrong_register' };
    expect(await verifyChain({ entries: [...entries.slice(0, 1), ...other.slice(1)] })).toEqual(bad);
    expect(await verifyChain({ entries: [...entries.slice(0, 1), ...later.slice(1)] })).toEqual(bad);
  });

  it('calls an entry with one field more, one less or a wrong type unreadable', async () => {
    const [entry] = await chainOf([{ n: 1 }]);
    const { orderId: _orderId, ...less } = { ...entry };
    const bad = { ok: false, at: 0, reason: 'unreadable' };
    const cases = [
      less,
      { ...entry, extra: 1 },
      { ...entry, seq: '1' },
      { ...entry, body: [] },
      { ...entry, body: { a: undefined } }
    ];
    for (const broken of [...cases, null, 'x', [], {}]) {
      expect(await verifyChain({ entries: [broken] })).toEqual(bad);
    }
  });

  it('never throws, whatever was stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.anything(), { minLength: 1, maxLength: 3 }), async (entries) => {
        expect((await verifyChain({ entries })).ok).toBe(false);
      })
    );
  });
});
