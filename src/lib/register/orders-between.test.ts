import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '$lib/journal/database';
import { openJournal, type Journal } from '$lib/journal/journal';
import { orderDraft, requestedDraft, seenDraft } from '$lib/journal/journal.fixture';
import { readOrdersBetween } from './orders-between';

const dayMs = 24 * 60 * 60 * 1000;
const startMs = Date.parse('2026-11-25T03:00:00.000Z');
const day = { startMs, endMs: startMs + dayMs };
const hourMs = 60 * 60 * 1000;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** A journal whose clock is set by hand, and what it was asked for order by order. */
async function openShop() {
  let atMs = startMs;
  const askedFor: string[] = [];
  const journal = await openJournal({
    database: await openDatabase({ name: 'till' }),
    registerId: 'r1',
    epoch: 1,
    writes: { termAtLeast: 0 },
    now: () => atMs,
    monotonic: () => 1
  });
  const watched: Journal = {
    ...journal,
    attemptsOfAll(orderIds) {
      askedFor.push(...orderIds);
      return journal.attemptsOfAll(orderIds);
    }
  };
  async function write(at: number, ...drafts: Parameters<Journal['append']>[0]): Promise<void> {
    atMs = at;
    expect((await journal.append(drafts)).ok).toBe(true);
  }
  return { journal: watched, askedFor, write };
}

describe('the orders of a day', () => {
  it('come with their payments, and those that were paid are asked for in one piece', async () => {
    const { journal, askedFor, write } = await openShop();
    for (const hour of [-30, 1, 2, 3]) {
      const id = `o${hour}`;
      const at = startMs + hour * hourMs;
      await write(at, orderDraft(id, 'order_opened'), requestedDraft(`a${hour}`, id));
      if (hour < 3) await write(at + 1000, seenDraft(`a${hour}`, id));
    }
    // the order of the day before is not of this day, though it is paid for on it
    await write(startMs + hourMs, requestedDraft('again', 'o-30'));

    const known = await readOrdersBetween({ journal, ...day });
    expect(known.map(({ order, attempts }) => [order.orderId, attempts.map((one) => one.attemptId)])).toEqual(
      [
        ['o1', ['a1']],
        ['o2', ['a2']],
        ['o3', ['a3']]
      ]
    );
    expect(askedFor).toEqual(['o3']);
  });

  it('know that an order is paid whose payment lies before the day, because the clock was set back', async () => {
    const { journal, write } = await openShop();
    await write(startMs + hourMs, orderDraft('o1', 'order_opened'), requestedDraft('first', 'o1'));
    await write(startMs - hourMs, requestedDraft('second', 'o1'), seenDraft('second', 'o1'));

    const [one] = await readOrdersBetween({ journal, ...day });
    expect(one?.attempts.map(({ attemptId, seen }) => [attemptId, seen?.state])).toEqual([
      ['second', 'succeeded'],
      ['first', undefined]
    ]);
  });
});
