import { beforeEach, describe, expect, it } from 'vitest';
import { JournalUnavailable } from '$lib/journal/database';
import type { JournalDraft } from '$lib/journal/entries';
import type { OrderEvent, OrderOpened } from '$lib/order/events';
import { OrderBook } from './order-book.svelte';

let written: JournalDraft[];
let mayWrite: Promise<boolean>;
let book: OrderBook;

const stamp = { at: '2026-11-23T09:00:00.000Z', by: { staffId: 's1', name: 'Rosa' } };
const opened: OrderOpened = {
  kind: 'order_opened',
  ...stamp,
  orderId: 'o1',
  number: 'T1-0001',
  registerId: 'r1',
  epoch: 1,
  currency: 'EUR',
  taxMode: 'included'
};
const line = (lineId: string): OrderEvent => ({
  kind: 'open_line_added',
  ...stamp,
  lineId,
  name: lineId,
  unitPriceMinor: 250,
  taxRateId: 'full',
  taxRatePpm: 190_000,
  quantity: 1,
  why: 'test'
});
const cash = (tenderId: string, amountMinor: number): OrderEvent => ({
  kind: 'cash_tendered',
  ...stamp,
  tenderId,
  amountMinor,
  roundingMinor: 0,
  givenMinor: amountMinor
});

beforeEach(async () => {
  written = [];
  mayWrite = Promise.resolve(true);
  book = new OrderBook({
    async append(drafts) {
      if (!(await mayWrite)) return { ok: false, failure: new JournalUnavailable('write_failed') };
      written.push(...drafts);
      return { ok: true, entries: [] };
    }
  });
  expect(book.record([opened, line('a')])).toBe(true);
  await book.save();
});

/** The next writing waits until what is returned says whether it comes about. */
function holdWriting(): (written: boolean) => void {
  let goOn: (written: boolean) => void = () => undefined;
  mayWrite = new Promise((resolve) => {
    goOn = resolve;
  });
  return goOn;
}

describe('money that is written first', () => {
  it('lets nothing else change the order until it is written, and then is on it', async () => {
    const goOn = holdWriting();
    const taken = book.recordFirst(cash('t1', 100));
    expect(book.record([line('b')])).toBe(false);
    goOn(true);
    expect(await taken).toBe(true);
    expect(book.order?.tenders).toMatchObject([{ tenderId: 't1', amountMinor: 100 }]);
    expect(book.order?.lines).toHaveLength(1);
    expect(book.events.map(({ kind }) => kind)).toEqual(written.map(({ body }) => (body as OrderEvent).kind));
    expect(book.record([line('b')])).toBe(true);
  });

  it('is written once where it is asked for twice at the same time', async () => {
    const goOn = holdWriting();
    const both = [book.recordFirst(cash('t1', 100)), book.recordFirst(cash('t2', 100))];
    goOn(true);
    expect(await Promise.all(both)).toEqual([true, false]);
    expect(book.order?.tenders).toHaveLength(1);
    expect(written.filter(({ body }) => (body as OrderEvent).kind === 'cash_tendered')).toHaveLength(1);
  });

  it('that could not be written changes nothing, and the order goes on', async () => {
    const goOn = holdWriting();
    const taken = book.recordFirst(cash('t1', 100));
    goOn(false);
    expect(await taken).toBe(false);
    expect(book.order?.tenders).toEqual([]);
    mayWrite = Promise.resolve(true);
    expect(book.record([line('b')])).toBe(true);
  });

  it('is said to be written where it was, though another order stands there since', async () => {
    const goOn = holdWriting();
    const taken = book.recordFirst(cash('t1', 100));
    book.release();
    goOn(true);
    expect(await taken).toBe(true);
    expect(book.order).toBeNull();
    expect(book.events).toEqual([]);
  });
});
