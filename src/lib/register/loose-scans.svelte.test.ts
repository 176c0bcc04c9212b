import { describe, expect, it, vi } from 'vitest';
import { openDatabase } from '$lib/journal/database';
import { createKept } from '$lib/journal/kept';
import { fakeBrowser, product, settle } from './fakes';
import type { LooseRecord } from './loose-record';
import { LooseScans } from './loose-scans';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const unknown = '4012345678901';
const paidEnd = { state: 'succeeded' as const, endedAt: '2026-11-23T09:00:30.000Z', paidMinor: 250 };

/** The page after a crash: the one before had no time for anything, and its locks are gone. */
function reopen(): Promise<Register> {
  return bench.open({ tabs: fakeBrowser().openTab() });
}

/** An order with a cola whose shopper pays. @returns the attempt's id */
async function charge(register: Register): Promise<string> {
  await bench.scan(register, cola);
  register.charge();
  await bench.scan(register, code);
  return bench.server.requests.at(-1)?.attemptId ?? '';
}

const names = (register: Register) =>
  register.order.rows.map((row) =>
    row.kind === 'line'
      ? `${row.line.quantity} ${row.line.name}`
      : row.kind === 'unknown_code'
        ? row.text
        : ''
  );

/** Everything that the browser has on its disk, as one text. */
async function disk(): Promise<string> {
  const database = await openDatabase({ name: 'till' });
  const all = await database.use((open) =>
    Promise.all([...open.objectStoreNames].map((store) => open.getAll(store)))
  );
  database.close();
  return JSON.stringify(all);
}

async function keep(record: Partial<LooseRecord>): Promise<void> {
  const database = await openDatabase({ name: 'till' });
  await createKept(database).change('looseScans', (before) =>
    typeof before === 'object' ? { ...before, ...record } : record
  );
  database.close();
}

describe('a red row', () => {
  it('comes back to its order after a crash, and the order is not charged before it is sorted out', async () => {
    const before = await bench.open();
    await bench.scan(before, cola, unknown, unknown);
    const { orderId } = before.order.order ?? {};

    const register = await reopen();
    expect(register.order.order?.orderId).toBe(orderId);
    expect(register.order.rows.at(-1)).toMatchObject({ kind: 'unknown_code', text: unknown, count: 2 });
    expect(register.order.chargeBlock).toBe('red_row');
    register.charge();
    expect(register.mode).toBe('selling');
    await bench.scan(register, code);
    expect(bench.server.requests).toEqual([]);
  });

  it('that began the counter comes back to it, and stands in the order that begins with it', async () => {
    await bench.scan(await bench.open(), unknown);
    const again = await reopen();
    expect(again.order.order).toBeNull();
    expect(names(again)).toEqual([unknown]);
    await bench.scan(again, cola);
    const third = await reopen();
    expect(names(third)).toEqual(expect.arrayContaining(['1 cola', unknown]));
    expect(third.order.chargeBlock).toBe('red_row');
  });

  it('stays where all else of its order was taken away', async () => {
    const before = await bench.open();
    await bench.scan(before, cola, unknown);
    before.order.takeLastBack();
    for (const row of before.order.rows) if (row.kind === 'line') before.order.remove(row.line.lineId);
    await settle();
    expect(names(await reopen())).toEqual([unknown]);
  });

  it('is gone for good once it was skipped, replaced or sold', async () => {
    const before = await bench.open();
    await bench.scan(before, cola, unknown, '4012345678918', '4012345678925');
    const rowOf = (text: string) => {
      const row = before.order.rows.find((one) => one.kind === 'unknown_code' && one.text === text);
      return row?.key ?? '';
    };
    before.order.skipUnknown(rowOf(unknown));
    before.order.replaceUnknown(rowOf('4012345678918'), product('gum', 100));
    await before.addNow(rowOf('4012345678925'), { name: 'Postcard', unitPriceMinor: 120 });
    await settle();
    const register = await reopen();
    expect(names(register)).toEqual(['1 cola', '1 gum', '1 Postcard']);
    expect(register.order.chargeBlock).toBeNull();
    expect(JSON.stringify(await kept())).not.toContain('40123456789');
  });

  it('is not forgotten before the line that it became is in the journal', async () => {
    const before = await bench.open();
    await bench.scan(before, cola, unknown);
    bench.holdWriting();
    const [row] = before.order.rows.filter(({ kind }) => kind === 'unknown_code');
    before.order.addUnknownNow(row?.key ?? '', { name: 'Postcard', unitPriceMinor: 120 });
    await settle();
    expect(await kept()).toMatchObject({ redRows: [{ text: unknown }] });
  });

  it('of the next customer comes back to them, not to the order that is being paid', async () => {
    const before = await bench.open();
    const attemptId = await charge(before);
    before.counter.serveNext();
    await bench.scan(before, unknown);

    const register = await reopen();
    expect(register.mode).toBe('paying');
    expect(names(register)).toEqual(['1 cola']);
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(register.screen?.state).toBe('paid');
    register.counter.next();
    expect(names(register)).toEqual([unknown]);
    expect(register.order.chargeBlock).toBe('red_row');
  });

  it('of the next customer waits for them where the order before came back unpaid', async () => {
    const before = await bench.open();
    const attemptId = await charge(before);
    before.counter.serveNext();
    bench.server.move(attemptId, {
      state: 'failed',
      failReason: 'declined',
      remedy: 'other_card',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    await bench.scan(before, unknown);

    const register = await reopen();
    expect(names(register)).toEqual(['1 cola']);
    expect(register.held).toEqual([{ kind: 'unknown_code', text: unknown }]);
  });

  it('of the next customer stays in sight where a declined payment takes their place', async () => {
    const register = await bench.open();
    const attemptId = await charge(register);
    register.counter.serveNext();
    await bench.scan(register, gum, unknown, unknown);
    bench.server.move(attemptId, {
      state: 'failed',
      failReason: 'declined',
      remedy: 'other_card',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    register.counter.openFromTray(attemptId);
    register.counter.backToOrder();
    expect(names(register)).toEqual(['1 cola']);
    const held = { kind: 'unknown_code', text: unknown };
    expect(register.held).toEqual([held, held]);
    await settle();
    expect(register.parked).toMatchObject([{ number: 'T1-0002' }]);
    expect((await reopen()).held).toEqual([held, held]);
  });

  it('keeps its order from being parked: the notice says what comes first, and nothing is gone', async () => {
    const register = await bench.open();
    await bench.scan(register, cola, unknown);
    register.park();
    await settle();
    expect(names(register)).toEqual(['1 cola', unknown]);
    expect(register.notice).toBe('red_row_first');
    expect(register.parked).toEqual([]);
    register.order.skipUnknown(register.order.rows.at(-1)?.key ?? '');
    register.park();
    await settle();
    expect(names(register)).toEqual([]);
    expect(register.parked).toHaveLength(1);
  });

  it.each([
    ['alone', []],
    ['with goods', [gum]]
  ])('at the counter, %s, keeps a parked order from taking its place', async (_what, goods) => {
    const register = await bench.open();
    await bench.scan(register, cola);
    const orderId = register.order.order?.orderId ?? '';
    register.park();
    await bench.scan(register, ...goods, unknown);
    const before = names(register);
    register.resume(orderId);
    await settle();
    expect(names(register)).toEqual(before);
    expect(register.notice).toBe('red_row_first');
    expect(register.parked).toMatchObject([{ orderId }]);
    register.order.skipUnknown(register.order.rows.at(-1)?.key ?? '');
    register.resume(orderId);
    await settle();
    expect(names(register)).toEqual(['1 cola']);
  });

  it('of a cleared order comes back with Undo, beside what was scanned since', async () => {
    const register = await bench.open();
    await bench.scan(register, cola, unknown, unknown);
    register.counter.clear();
    expect(names(register)).toEqual([]);
    await bench.scan(register, '4012345678918');
    register.order.undoClear();
    expect(names(register)).toEqual(['1 cola', unknown, '4012345678918']);
    await settle();
    const again = await reopen();
    expect(again.order.rows.at(-2)).toMatchObject({ text: unknown, count: 2 });
    expect(again.order.chargeBlock).toBe('red_row');
  });

  it('is the next order’s where its own was paid before it was sorted out', async () => {
    const register = await bench.open();
    const attemptId = await charge(register);
    const tell = async (change: Parameters<typeof bench.server.move>[1]) => {
      bench.server.move(attemptId, change);
      bench.changes.say({ kind: 'everything' });
      await settle();
    };
    await tell({ state: 'unknown', place: 'desk', setAside: true });
    await bench.scan(register, unknown);
    expect(names(register)).toEqual(['1 cola', unknown]);
    await tell(paidEnd);
    expect(register.screen?.state).toBe('paid');
    register.counter.next();
    expect(names(register)).toEqual([unknown]);
    expect(register.order.chargeBlock).toBe('red_row');
  });

  it('that can’t be written down says so, until it can', async () => {
    const register = await bench.open();
    bench.fillDisk();
    await bench.scan(register, unknown);
    expect(names(register)).toEqual([unknown]);
    expect(register.order.chargeBlock).toBe('journal_failed');
    vi.mocked(IDBDatabase.prototype.transaction).mockRestore();
    await bench.scan(register, unknown);
    expect(register.order.chargeBlock).toBe('red_row');
    expect(await kept()).toMatchObject({ redRows: [{ text: unknown, count: 2 }] });
  });

  it('of an order that is parked or over is shown on no other one', async () => {
    const before = await bench.open();
    await bench.scan(before, cola);
    const orderId = before.order.order?.orderId ?? '';
    before.counter.park();
    await settle();
    const redRows = [{ rowId: 'row', text: unknown, count: 1 }];
    await keep({ orderId, redRows });
    const parked = await reopen();
    expect(parked.order.rows).toEqual([]);
    expect(parked.held).toEqual([]);

    await charge(parked);
    bench.server.move(bench.server.requests.at(-1)?.attemptId ?? '', paidEnd);
    await settle();
    await keep({ orderId: bench.server.requests.at(-1)?.orderId ?? '', redRows });
    const paid = await reopen();
    await bench.scan(paid, gum);
    expect(names(paid)).toEqual(['1 gum']);
    expect(paid.order.chargeBlock).toBeNull();
  });

  it('that another register left in this browser is not shown', async () => {
    await bench.scan(await bench.open(), unknown);
    await keep({ registerId: 'r2' });
    expect((await reopen()).order.rows).toEqual([]);
  });
});

describe('what may be a payment code', () => {
  it.each([
    ['unknown twenty digits', '77123456789012345678'],
    ['a piece of one', '2812345678901'],
    ['a wallet’s own', '281234567890120000']
  ])('is never on the disk, red row or not: %s', async (_what, secret) => {
    const before = await bench.open();
    await bench.scan(before, cola, unknown, secret);
    const rows = before.order.rows.map((row) => row.kind === 'unknown_code' && row.text);
    expect(await disk()).not.toContain(secret);

    const register = await reopen();
    expect(register.order.rows.map((row) => row.kind === 'unknown_code' && row.text)).toEqual(rows);
    expect(register.order.chargeBlock).toBe('red_row');
    expect(await disk()).not.toContain(secret);
  });

  it('is not kept of a row that shows it, nor of goods that are held', async () => {
    const before = await bench.open();
    before.order.addUnknown(code);
    before.counter.held.hold({ kind: 'unknown_code', text: code });
    await settle();
    expect(await disk()).not.toContain(code);
    expect(await kept()).toMatchObject({ redRows: [{ text: '' }], held: [{ text: '' }] });
  });
});

describe('goods that were scanned while a shopper paid', () => {
  it('come back with the payment after a crash, and begin the next order', async () => {
    const before = await bench.open();
    const attemptId = await charge(before);
    await bench.scan(before, gum, unknown, gum);
    before.counter.held.hold({
      kind: 'product',
      product: product('cola', 250),
      measure: { kind: 'weight', grams: 500 }
    });
    await settle();

    const register = await reopen();
    expect(register.held).toHaveLength(4);
    bench.server.move(attemptId, paidEnd);
    await settle();
    register.counter.next();
    expect(names(register)).toEqual([unknown, '2 gum', '1 cola, 0.500 kg']);
    expect(register.order.order?.number).toBe('T1-0002');
    await settle();
    expect(await kept()).toMatchObject({ held: [] });
  });

  it('begin the next order where that payment was over', async () => {
    const before = await bench.open();
    const attemptId = await charge(before);
    await bench.scan(before, gum);
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(before.screen?.state).toBe('paid');

    const register = await reopen();
    expect(names(register)).toEqual(['1 gum']);
    expect(register.held).toEqual([]);
  });

  it('stay in sight where that order came back unpaid', async () => {
    const before = await bench.open();
    const attemptId = await charge(before);
    await bench.scan(before, gum);
    bench.server.move(attemptId, { state: 'cancelled', endedAt: '2026-11-23T09:00:30.000Z' });
    await settle();

    const register = await reopen();
    expect(names(register)).toEqual(['1 cola']);
    expect(register.held).toMatchObject([{ product: { id: 'gum' } }]);
  });

  it('become a line to be sorted out where the shop has the product no more', async () => {
    const before = await bench.open();
    await charge(before);
    await bench.scan(before, gum);
    await keep({ held: [{ kind: 'product', productId: 'gone', measure: null }] });
    expect((await reopen()).held).toEqual([{ kind: 'unknown_code', text: '' }]);
  });

  it('do not come back once somebody said that they are not bought', async () => {
    const before = await bench.open();
    await charge(before);
    await bench.scan(before, gum);
    before.counter.held.drop();
    await settle();
    expect((await reopen()).held).toEqual([]);
  });
});

describe('of two tabs', () => {
  it('the one that takes over has the red row and what is held', async () => {
    const first = await bench.open();
    const second = await bench.open();
    await bench.scan(first, cola, unknown);
    first.counter.held.hold({ kind: 'product', product: product('gum', 100), measure: null });
    second.writer.takeOver();
    await settle();
    expect(second.phase).toBe('ready');
    expect(second.order.chargeBlock).toBe('red_row');
    expect(second.held).toMatchObject([{ product: { id: 'gum' } }]);
  });

  it('the one that was robbed writes nothing over what the other keeps', async () => {
    const robbed = await bench.open();
    await bench.scan(robbed, cola, unknown);
    const register = await reopen();
    await bench.scan(register, '4012345678918');
    const [row] = robbed.order.rows.filter(({ kind }) => kind === 'unknown_code');
    robbed.order.skipUnknown(row?.key ?? '');
    await settle();
    expect(await kept()).toMatchObject({ redRows: [{ text: unknown }, { text: '4012345678918' }] });
  });
});

it('nothing is written over what was kept before that was read', async () => {
  const register = await bench.open();
  await bench.scan(register, unknown);
  const { counter } = register;
  const written: unknown[] = [];
  const loose = new LooseScans({
    counter,
    productById: () => null,
    journal: {
      registerId: 'r1',
      epoch: 1,
      term: 9,
      order: () => Promise.resolve(undefined),
      settled: () => Promise.resolve()
    },
    kept: {
      read: () => Promise.resolve(undefined),
      change: (_name, make) => Promise.resolve(void written.push(make(undefined)))
    }
  });
  await loose.keep();
  expect(written).toEqual([]);
  await loose.recover();
  await loose.keep();
  expect(written).toMatchObject([{ term: 9, redRows: [{ text: unknown }] }]);
});

it('a record that makes no sense is none', async () => {
  await bench.open();
  for (const nonsense of [7, { registerId: 'r1', redRows: 'many' }]) {
    const database = await openDatabase({ name: 'till' });
    await createKept(database).write('looseScans', nonsense);
    database.close();
    const register = await reopen();
    expect(register.phase).toBe('ready');
    expect(register.order.rows).toEqual([]);
  }
});

async function kept(): Promise<unknown> {
  const database = await openDatabase({ name: 'till' });
  const record = await createKept(database).read('looseScans');
  database.close();
  return record;
}
