import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '$lib/journal/database';
import { createScan, type ScanSource } from '$lib/scanning/scan';
import {
  attempt,
  catalogue,
  product,
  refusal,
  session,
  settle,
  silence,
  type FakeBrowser,
  type FakeServer,
  type HandClock
} from './fakes';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench, type RegisterBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;

let server: FakeServer;
let clock: HandClock;
let sounds: RegisterBench['sounds'];
let browser: FakeBrowser;

const paidEnd = {
  state: 'succeeded',
  endedAt: '2026-11-23T09:00:09.000Z',
  wallet: 'Alipay',
  paidMinor: 250
} as const;

beforeEach(() => {
  ({ server, clock, sounds, browser } = bench);
});

async function scanBy(register: Register, source: ScanSource, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    register.takeScan(createScan({ text, source, at: clock.monotonic() }));
    await clock.turn(400);
  }
}

/** Sells a cola and scans the wallet in a quiet moment. */
async function charge(register: Register, paymentCode = code): Promise<void> {
  await scan(register, cola);
  await clock.turn(6000);
  await scan(register, paymentCode);
}

async function entryKinds(): Promise<string[]> {
  return (await bench.entries()).map(({ kind }) => kind);
}

describe('a sale', () => {
  it('is charged by one scan, shown as paid, and the next product begins the next order', async () => {
    const register = await open();
    await charge(register);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ amountMinor: 250, currency: 'EUR', revision: 2 });
    expect(register.screen?.state).toBe('sending');
    await clock.turn(2000);
    expect(register.screen).toMatchObject({ state: 'paying', leftMs: 58_000 });

    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(register.screen).toMatchObject({ state: 'paid', wallet: 'Alipay', paidMinor: 250 });
    expect(sounds.played).toEqual(['code_taken', 'paid']);
    expect((await register.receipt(server.requests[0]?.orderId ?? ''))?.tenders).toHaveLength(1);

    await scan(register, gum);
    expect(register.mode).toBe('selling');
    expect(register.order.order?.number).toBe('T1-0002');
    expect(register.lastSale).toMatchObject({ number: 'T1-0001', state: 'paid' });
    const receipt = await register.receipt(server.requests[0]?.orderId ?? '');
    expect(receipt).toMatchObject({ number: 'T1-0001', totalMinor: 250, training: true });
    expect(receipt?.tenders).toMatchObject([{ wallet: 'Alipay', paidMinor: 250 }]);
  });

  it('is journaled before anything leaves', async () => {
    const register = await open();
    let atRequest: string[] = [];
    server.onRequest = async (request) => {
      atRequest = await entryKinds();
      return { ok: true, value: server.put(attempt({ attemptId: request.attemptId, ...paidEnd })) };
    };
    await charge(register);
    await settle();
    expect(atRequest).toEqual(['order_event', 'order_event', 'attempt_requested']);
    expect(await entryKinds()).toEqual(['order_event', 'order_event', 'attempt_requested', 'attempt_seen']);
  });

  it('keeps no payment code in the journal', async () => {
    const register = await open();
    await charge(register);
    const database = await openDatabase({ name: 'till' });
    const stores = ['entries', 'orders', 'attempts', 'outbox', 'meta', 'kept'] as const;
    const everything = await Promise.all(stores.map((store) => database.use((open) => open.getAll(store))));
    database.close();
    expect(JSON.stringify(everything)).not.toContain(code);
  });

  it('is not asked for where the journal can’t be written, and goes on when it can', async () => {
    const register = await open();
    await scan(register, cola);
    await clock.turn(6000);
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await scan(register, code);
    expect(server.requests).toEqual([]);
    expect(register.screen?.state).toBe('journal_failed');
    full.mockRestore();
    register.counter.backToOrder();
    register.charge();
    await clock.turn(6000);
    await scan(register, '281234567890120009');
    expect(server.requests).toHaveLength(1);
  });

  it('is not asked for by a page that a newer one has replaced', async () => {
    const register = await open();
    await scan(register, cola);
    await clock.turn(6000);
    // a newer page takes the database over: nothing can be written under the old schema
    const request = indexedDB.open('till', 99);
    await new Promise((resolve) => request.addEventListener('success', resolve));
    await scan(register, code);
    await settle();
    expect(server.requests).toEqual([]);
    expect(register.phase).toBe('contract_changed');
    expect(register.writer.isWriter).toBe(false);
    request.result.close();
  });

  it('is seen to its end before a newer page may upgrade the journal', async () => {
    const register = await open();
    await charge(register);
    const request = indexedDB.open('till', 99);
    let upgraded = false;
    request.addEventListener('success', () => (upgraded = true));
    await clock.turn(3000);
    expect([register.phase, upgraded]).toEqual(['ready', false]);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await clock.turn(1000);
    await vi.waitFor(() => expect(upgraded).toBe(true));
    expect(register.phase).toBe('contract_changed');
    request.result.close();
  });

  it('cannot be charged twice, however often the code is scanned', async () => {
    const register = await open();
    await scan(register, cola);
    await clock.turn(6000);
    register.scan(code);
    register.scan(code);
    register.scan('281234567890120001');
    await clock.turn(100);
    await scan(register, code, '281234567890120002');
    expect(server.requests).toHaveLength(1);
  });

  it('charges nothing for a code on the paid screen', async () => {
    const register = await open();
    await charge(register);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    await scan(register, '281234567890120003');
    expect(register.screen?.state).toBe('already_paid');
    register.counter.next();
    await scan(register, '281234567890120004');
    expect(register.notice).toBe('already_paid');
    expect(server.requests).toHaveLength(1);
  });
});

describe('doubt', () => {
  it('asks for one more scan where the last product was just now', async () => {
    const register = await open();
    await scan(register, cola, code);
    expect(server.requests).toEqual([]);
    expect(register.screen).toMatchObject({ state: 'ready', ask: 'once_more', amountMinor: 250 });
    // the same code counts, because it was not sent
    await scan(register, code);
    expect(server.requests).toHaveLength(1);
  });

  it('adds a product scanned in the pay panel and shows the new total', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await scan(register, gum);
    expect(register.screen).toMatchObject({ state: 'ready', amountMinor: 350, justAdded: 'gum' });
  });

  it('does not charge while a red line is there', async () => {
    const register = await open();
    await scan(register, cola, '4012345678901');
    expect(register.order.rows.map((row) => row.kind)).toEqual(['line', 'unknown_code']);
    await clock.turn(6000);
    await scan(register, code);
    register.charge();
    expect(server.requests).toEqual([]);
    expect(register.notice).toBe('red_row_first');
    expect(register.mode).toBe('selling');
    const red = register.order.rows.find((row) => row.kind === 'unknown_code');
    if (red?.kind === 'unknown_code') register.order.skipUnknown(red.rowId);
    await scan(register, code);
    expect(server.requests).toHaveLength(1);
  });

  it('shuts an attempt that never arrived before the order is free again', async () => {
    const register = await open();
    server.onRequest = () => silence;
    await charge(register);
    await settle();
    expect(server.voided).toEqual([server.requests[0]?.attemptId]);
    expect(register.screen?.state).toBe('not_sent');
    expect(register.order.locked).toBe(false);
  });

  it('keeps asking without a network, says so, and frees nothing', async () => {
    const register = await open();
    server.onRequest = (request) => {
      server.put(attempt({ attemptId: request.attemptId, version: 2 }));
      server.offline = true;
      return silence;
    };
    await charge(register);
    await clock.turn(30_000);
    expect(register.screen?.state).toBe('offline');
    expect(register.canReachTill).toBe(false);
    expect(register.order.locked).toBe(true);
    register.counter.backToOrder();
    expect(register.mode).toBe('paying');

    server.offline = false;
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await clock.turn(10_000);
    expect(register.screen?.state).toBe('paid');
    expect(server.requests).toHaveLength(1);
  });

  it('takes a refusal as an end: nothing was made of it', async () => {
    const register = await open();
    server.onRequest = () => refusal('code_used');
    await charge(register);
    await settle();
    expect(register.screen?.state).toBe('code_used');
    expect(register.order.locked).toBe(false);
    expect(server.voided).toEqual([]);
  });

  it('takes a broken answer for no answer', async () => {
    const register = await open();
    server.onRequest = (request) => {
      server.put(attempt({ attemptId: request.attemptId, ...paidEnd }));
      return { ok: false, problem: null, status: 502, offline: false };
    };
    await charge(register);
    await settle();
    expect(register.screen?.state).toBe('paid');
  });
});

describe('stopping', () => {
  it('says so at once, and "paid after all" where the money came', async () => {
    const register = await open();
    await charge(register);
    await clock.turn(3000);
    register.payment?.stop();
    expect(register.screen?.state).toBe('stopping');
    await settle();
    expect(server.stopped).toHaveLength(1);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(register.screen?.state).toBe('paid_after_all');
    register.keepMoney();
    expect(register.screen?.state).toBe('paid');
  });

  it('leaves the order to be charged again when it was cancelled', async () => {
    const register = await open();
    await charge(register);
    register.payment?.stop();
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'cancelled',
      endedAt: '2026-11-23T09:01:00.000Z'
    });
    await settle();
    expect(register.screen?.state).toBe('stopped');
    await clock.turn(6000);
    await scan(register, '281234567890120007');
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.orderId).toBe(server.requests[0]?.orderId);
    expect(server.requests[1]?.attemptId).not.toBe(server.requests[0]?.attemptId);
  });
});

describe('the next customer', () => {
  it('is served while a payment goes on in the tray, and its end is told', async () => {
    const register = await open();
    await charge(register);
    await clock.turn(2000);
    await scan(register, gum);
    expect(register.held).toMatchObject([{ product: { id: 'gum' } }]);
    register.counter.startNextWithHeld();
    expect(register.mode).toBe('selling');
    expect(register.order.totals.totalMinor).toBe(100);
    expect(register.tray.chips).toMatchObject([{ orderNumber: 'T1-0001', state: 'paying', news: false }]);

    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(register.tray.chips).toMatchObject([{ state: 'paid', news: true }]);
    expect(register.tray.banner).toMatchObject({ state: 'paid' });
    register.counter.openFromTray(server.requests[0]?.attemptId ?? '');
    expect(register.screen?.state).toBe('paid');
    register.counter.next();
    expect(register.order.totals.totalMinor).toBe(100);
    expect(register.tray.chips).toEqual([]);
  });

  it('does not lose their order when a declined one comes back from the tray', async () => {
    const register = await open();
    await charge(register);
    register.counter.serveNext();
    await scan(register, gum);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'failed',
      failReason: 'declined',
      remedy: 'other_card',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    register.counter.openFromTray(server.requests[0]?.attemptId ?? '');
    expect(register.screen).toMatchObject({ state: 'declined', remedy: 'other_card' });
    register.counter.backToOrder();
    await settle();
    expect(register.order.order?.number).toBe('T1-0001');
    expect(register.parked).toMatchObject([{ number: 'T1-0002', what: 'gum', kind: 'parked' }]);
  });
});

describe('a payment that the wallet takes for a repeat', () => {
  it('is asked about again when the cashier wants to be sure, and says when', async () => {
    const register = await open();
    await charge(register);
    const attemptId = server.requests[0]?.attemptId ?? '';
    const ended = { state: 'failed', failReason: 'declined', remedy: 'look_first' } as const;
    server.move(attemptId, {
      ...ended,
      lastAskedAt: '2026-11-23T09:00:30.000Z',
      endedAt: '2026-11-23T09:00:30.001Z'
    });
    await settle();
    expect(register.screen).toMatchObject({ remedy: 'look_first', askedAgain: null });
    const ask = vi.spyOn(server, 'askPayment');
    register.payment?.askNow();
    await settle();
    expect(ask).toHaveBeenCalledExactlyOnceWith(attemptId);
    expect(register.screen).toMatchObject({ askedAgain: 'now' });
    register.payment?.askNow();
    expect(ask).toHaveBeenCalledExactlyOnceWith(attemptId);
    // The question failed, or the money was seen for the first time: neither is a "no".
    server.move(attemptId, { lastAskedAt: '2026-11-23T09:00:40.000Z', nextAskInMs: 5000 });
    await settle();
    expect(register.screen).toMatchObject({ askedAgain: 'unclear' });
    register.payment?.askNow();
    await settle();
    server.move(attemptId, { lastAskedAt: '2026-11-23T09:00:41.000Z', nextAskInMs: null });
    await settle();
    expect(register.screen).toMatchObject({ askedAgain: { at: '2026-11-23T09:00:41.000Z' } });
  });

  it('goes to a manager when the wallet now says paid', async () => {
    const register = await open();
    await charge(register);
    const attemptId = server.requests[0]?.attemptId ?? '';
    server.move(attemptId, {
      state: 'failed',
      failReason: 'declined',
      remedy: 'look_first',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    register.payment?.askNow();
    await settle();
    server.move(attemptId, { state: 'paid_late' });
    await settle();
    expect(register.screen?.state).toBe('late');
  });
});

describe('a product scanned while paying', () => {
  const names = (register: Register) =>
    register.order.rows.map((row) =>
      row.kind === 'line' ? `${row.line.quantity} ${row.line.name}` : row.kind
    );

  it('begins the next order at Next, with everything that was scanned meanwhile', async () => {
    const register = await open();
    await charge(register);
    await scan(register, gum, cola, gum, '4012345678901');
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(register.held).toHaveLength(4);
    register.counter.next();
    expect(register.order.order?.number).toBe('T1-0002');
    expect(names(register)).toEqual(['1 cola', '2 gum', 'unknown_code']);
    expect(register.held).toEqual([]);
  });

  it('stands in the next order beside the product that begins it', async () => {
    const register = await open();
    await charge(register);
    await scan(register, gum);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    await scan(register, cola);
    expect(register.order.order?.number).toBe('T1-0002');
    expect(names(register)).toEqual(['1 gum', '1 cola']);
  });

  it('begins the order of the customer who is served next', async () => {
    const register = await open();
    await charge(register);
    await scan(register, gum);
    register.counter.serveNext();
    expect(names(register)).toEqual(['1 gum']);
  });

  it('stays in sight where the payment was declined, until somebody says whose it is', async () => {
    const register = await open();
    await charge(register);
    await scan(register, gum);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'failed',
      failReason: 'declined',
      remedy: 'other_card',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    register.counter.backToOrder();
    expect(names(register)).toEqual(['1 cola']);
    register.charge();
    expect(register.held).toHaveLength(1);
    register.counter.backToOrder();
    register.counter.addHeld();
    expect(names(register)).toEqual(['1 cola', '1 gum']);
    expect(register.held).toEqual([]);
  });

  it('begins an order of its own where the declined one is left', async () => {
    const register = await open();
    await charge(register);
    await scan(register, gum);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'cancelled',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    register.counter.startNextWithHeld();
    await settle();
    expect(names(register)).toEqual(['1 gum']);
    expect(register.parked).toMatchObject([{ number: 'T1-0001', kind: 'parked' }]);
  });

  it('goes away when somebody says that it is not bought', async () => {
    const register = await open();
    await charge(register);
    await scan(register, gum);
    register.counter.held.drop();
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });
});

describe('where a scan goes', () => {
  it('ten scans of one moment are all there, ten of one product on one line', async () => {
    const register = await open();
    for (let scans = 0; scans < 5; scans += 1) {
      register.scan(cola);
      register.scan(gum);
    }
    register.charge();
    expect(register.mode, 'charging waits for what was scanned before').toBe('selling');
    await settle();
    expect(register.order.totals.totalMinor).toBe(5 * 250 + 5 * 100);
    expect(register.order.rows).toHaveLength(2);
    expect(register.mode).toBe('paying');
  });

  it('a code that a stand reads again is asked about, not lost and not added', async () => {
    const register = await open();
    register.saveSettings({ scannerPlace: 'stand' });
    await scanBy(register, 'hid', cola, cola);
    expect(register.order.totals.itemCount).toBe(1);
    expect(register.readTwice?.name).toBe('cola');
    register.addReadTwice();
    expect(register.order.totals.itemCount).toBe(2);
    expect(register.readTwice).toBeNull();

    await clock.turn(2000);
    await scanBy(register, 'hid', cola);
    expect(register.order.totals.itemCount).toBe(3);
    await scanBy(register, 'hid', cola);
    expect(register.readTwice?.name).toBe('cola');
    await clock.turn(3000);
    expect(register.readTwice).toBeNull();
  });

  it('a scanner in the hand that reads a can twice has read two cans; a camera has not', async () => {
    const register = await open();
    await scanBy(register, 'hid', cola, cola);
    expect(register.order.totals.itemCount).toBe(2);
    await scanBy(register, 'camera', gum, gum);
    expect(register.order.totals.itemCount).toBe(3);
  });

  it('on another page a product brings the counter back, and a payment code charges nothing', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await settle();
    register.showsCounter(false);
    await clock.turn(6000);
    await scan(register, code);
    expect(server.requests).toEqual([]);
    expect(register.notice).toBe('code_elsewhere');
    expect(register.atCounter).toBe(false);
    await scan(register, gum);
    expect(register.atCounter).toBe(true);
    expect(register.screen).toMatchObject({ state: 'ready', amountMinor: 350 });
  });

  it('while it is locked a scan is told, and nothing is taken of it; each scan shows that somebody is here', async () => {
    const register = await open();
    await scan(register, cola);
    register.people.lock();
    const before = register.scans;
    await scanBy(register, 'hid', gum, code);
    expect(register.notice).toBe('locked');
    expect(sounds.played.at(-1)).toBe('unknown');
    expect(register.scans).toBe(before + 2);
    expect(register.order.totals.totalMinor).toBe(250);
    expect(server.requests).toEqual([]);
  });

  it('a screen that takes the scans gets all of them, and the counter none', async () => {
    const register = await open();
    const taken: string[] = [];
    const giveBack = register.giveScansTo({ mode: 'trying', take: ({ kind }) => taken.push(kind.kind) });
    await scan(register, cola, code, 'T1-0001', 'wxp://f2f0abc');
    expect(taken).toEqual(['product', 'payment_code', 'order_receipt', 'merchant_presented']);
    expect(register.order.isEmpty).toBe(true);
    giveBack();
    await scan(register, cola);
    expect(register.order.totals.itemCount).toBe(1);
  });

  it('the receipt of an order finds it, by its number or not at all', async () => {
    const register = await open();
    await charge(register);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    register.counter.next();
    await scan(register, 'T1-0001');
    expect(register.scannedOrder).toEqual({ number: 'T1-0001', orderId: server.requests[0]?.orderId });
    await scan(register, 'T7-0099');
    expect(register.scannedOrder).toEqual({ number: 'T7-0099', orderId: null });
    await scan(register, cola);
    expect(register.scannedOrder).toBeNull();
  });

  it('a staff badge where nobody asked for one is named, and goes nowhere', async () => {
    const register = await open();
    await scan(register, 'STAFF-0123456789ABCDEFGH');
    expect(register.notice).toBe('staff_badge');
    expect(register.order.rows).toEqual([]);
  });

  it('a label with a weight or a price is sold by it, one that can’t be used exactly becomes a red line', async () => {
    const register = await open();
    await scanBy(register, 'hid', ']C10104006381333931' + '3103001500');
    expect(register.order.rows).toMatchObject([{ line: { name: 'cola, 1.500 kg', unitPriceMinor: 375 } }]);
    await scanBy(register, 'hid', ']C10104006381333931' + '3922' + '999');
    expect(register.order.totals.totalMinor).toBe(375 + 999);
    await scanBy(register, 'hid', ']C10104006381333931' + '3104001505');
    expect(register.order.rows.at(-1)?.kind).toBe('unknown_code');
    expect(register.order.chargeBlock).toBe('red_row');
  });
});

describe('after a reload', () => {
  it('the register comes back to the same attempt, and asks instead of sending', async () => {
    const first = await open();
    await charge(first);
    await first.stop();

    const second = await open();
    await settle();
    expect(second.mode).toBe('paying');
    expect(second.screen).toMatchObject({ state: 'paying', orderNumber: 'T1-0001', amountMinor: 250 });
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(second.screen?.state).toBe('paid');
    expect(server.requests).toHaveLength(1);
  });

  it('an attempt that the server never heard of is shut, not sent again', async () => {
    const first = await open();
    server.onRequest = () => new Promise(() => undefined);
    await charge(first);
    const [request] = server.requests;
    void first.stop();
    await settle();

    const second = await open();
    await settle();
    expect(server.voided).toEqual([request?.attemptId]);
    expect(second.screen?.state).toBe('not_sent');
    expect(second.order.locked).toBe(false);
  });

  it('an unpaid order stands on the counter again', async () => {
    const first = await open();
    await scan(first, cola, cola, gum);
    await first.stop();
    const second = await open();
    expect(second.mode).toBe('selling');
    expect(second.order.totals).toMatchObject({ totalMinor: 600, itemCount: 3 });
    await scan(second, gum);
    expect(second.order.order?.number).toBe('T1-0001');
  });

  it('an order whose payment was stopped stands on the counter with its lines', async () => {
    const first = await open();
    await charge(first);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'cancelled',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    expect(first.screen?.state).toBe('stopped');
    await first.stop();
    const second = await open();
    expect(second.mode).toBe('selling');
    expect(second.order.totals.totalMinor).toBe(250);
    await charge(second, '281234567890120008');
    expect(server.requests[1]?.orderId).toBe(server.requests[0]?.orderId);
  });

  it('an order that was declined in the tray is not lost beside a newer one', async () => {
    const first = await open();
    await charge(first);
    first.counter.serveNext();
    await scan(first, gum);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'failed',
      failReason: 'declined',
      remedy: 'other_card',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    await first.stop();
    const second = await open();
    await settle();
    expect(second.order.order?.number).toBe('T1-0002');
    expect(second.parked).toMatchObject([{ number: 'T1-0001', kind: 'parked' }]);
    expect(second.tray.chips).toEqual([]);
  });

  it('an unpaid order comes back though a newer one was paid or emptied', async () => {
    const first = await open();
    await charge(first);
    first.counter.serveNext();
    await scan(first, gum);
    const [row] = first.order.rows;
    if (row?.kind === 'line') first.order.remove(row.line.lineId);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'cancelled',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    await first.stop();
    const second = await open();
    expect(second.order.order?.number).toBe('T1-0001');
    expect(second.order.totals.totalMinor).toBe(250);
  });

  it('parked orders come back, and the last sale with its receipt', async () => {
    const first = await open();
    await charge(first);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    await scan(first, gum);
    first.counter.park();
    await settle();
    await first.stop();
    const second = await open();
    await settle();
    expect(second.order.isEmpty).toBe(true);
    expect(second.parked).toMatchObject([{ number: 'T1-0002', kind: 'parked' }]);
    expect(second.lastSale).toEqual({
      orderId: server.requests[0]?.orderId,
      number: 'T1-0001',
      totalMinor: 250,
      currency: 'EUR',
      state: 'paid',
      wallet: 'Alipay',
      at: '2026-11-23T09:00:09.000Z'
    });
    expect((await second.receipt(second.lastSale?.orderId ?? ''))?.tenders).toHaveLength(1);
  });

  it('the last sale is the newest, whether it was stopped or given away', async () => {
    const first = await open();
    await charge(first);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'cancelled',
      endedAt: '2026-11-23T09:00:30.000Z'
    });
    await settle();
    await first.stop();
    const second = await open();
    expect(second.lastSale).toMatchObject({ number: 'T1-0001', state: 'stopped', totalMinor: 250 });
    second.counter.clear();
    // the server's clock may be ahead of this one: what happened later here is newer
    await clock.turn(1000);
    const water = catalogue.products.find((known) => known.id === 'water');
    if (water !== undefined) second.tap(water);
    second.charge();
    await settle();
    await second.stop();
    const third = await open();
    expect(third.lastSale).toMatchObject({ number: 'T1-0002', state: 'given_free', totalMinor: 0 });
  });

  it('numbers go on where the server knows of them and the browser lost its journal', async () => {
    const first = await open();
    await scan(first, cola);
    await first.stop();
    globalThis.indexedDB = new IDBFactory();
    server.session = () =>
      Promise.resolve({
        ok: true,
        value: {
          ...session,
          register: { registerId: 'r1', code: 'T1', name: 'Till 1', epoch: 1, lastOrderSeq: 41 }
        }
      });
    const second = await open();
    await scan(second, cola);
    expect(second.order.order?.number).toBe('T1-0042');
  });

  it('finds attempts by the ledger where the browser lost its journal', async () => {
    const first = await open();
    await charge(first);
    await first.stop();
    globalThis.indexedDB = new IDBFactory();
    const second = await open();
    await settle();
    expect(second.screen).toMatchObject({ state: 'paying', amountMinor: 250 });
  });

  it('sells at once though nobody says which payments are open, and charges no order from before meanwhile', async () => {
    const first = await open();
    await scan(first, cola);
    await first.stop();
    const answer = Promise.withResolvers<Awaited<ReturnType<FakeServer['openPayments']>>>();
    server.openPayments = () => answer.promise;
    const second = await open();
    expect(second.phase).toBe('ready');
    expect(second.order).toMatchObject({ chargeBlock: 'asking', isEmpty: false });
    const old = second.order.order?.orderId ?? '';
    await clock.turn(6000);
    await scan(second, code);
    expect([second.mode, second.notice]).toEqual(['selling', 'asking_first']);
    second.charge();
    expect(second.mode).toBe('selling');
    second.counter.park();
    await charge(second);
    expect(server.requests).toHaveLength(1);
    await vi.waitFor(() => expect(second.parked).toHaveLength(1));
    const late = attempt({ attemptId: 'lost', orderId: old, amountMinor: 250 });
    server.put(late);
    const fresh = attempt({ attemptId: server.requests[0]?.attemptId ?? '' });
    answer.resolve({ ok: true, value: [late, { ...fresh, orderId: server.requests[0]?.orderId ?? '' }] });
    await settle();
    expect(second.payment?.attemptId).toBe(fresh.attemptId);
    expect(second.tray.open.map(({ attemptId }) => attemptId)).toEqual(['lost']);
    expect(second.parked, 'it is at its payment').toEqual([]);
  });

  it('an order on the counter whose payment turns out to be open is that payment’s', async () => {
    const first = await open();
    await scan(first, cola);
    await first.stop();
    const answer = Promise.withResolvers<Awaited<ReturnType<FakeServer['openPayments']>>>();
    server.openPayments = () => answer.promise;
    const second = await open();
    const orderId = second.order.order?.orderId ?? '';
    const lost = server.put(attempt({ attemptId: 'lost', orderId, amountMinor: 250 }));
    answer.resolve({ ok: true, value: [lost] });
    await settle();
    expect(second.screen).toMatchObject({ state: 'paying', amountMinor: 250 });
    expect(second.order.chargeBlock).toBe('paying');
    server.move('lost', paidEnd);
    await settle();
    expect(second.screen?.state).toBe('paid');
    second.counter.next();
    expect(second.order.isEmpty).toBe(true);
  });

  it('what is sold meanwhile keeps its place, and the payment goes into the tray', async () => {
    const answer = Promise.withResolvers<Awaited<ReturnType<FakeServer['openPayments']>>>();
    server.openPayments = () => answer.promise;
    const register = await open();
    await scan(register, gum);
    answer.resolve({ ok: true, value: [server.put(attempt({ attemptId: 'lost', orderId: 'gone' }))] });
    await settle();
    expect(register.mode).toBe('selling');
    expect(register.order.totals.totalMinor).toBe(100);
    expect(register.tray.open.map(({ attemptId }) => attemptId)).toEqual(['lost']);
  });

  it('charges an order from before where Till does not answer which payments are open', async () => {
    const first = await open();
    await scan(first, cola);
    await first.stop();
    server.openPayments = () => Promise.resolve(silence);
    const second = await open();
    await settle();
    expect(second.order.chargeBlock).toBeNull();
  });

  it('sells without a network from what was kept', async () => {
    const first = await open();
    await first.stop();
    server.offline = true;
    const second = await open();
    expect(second.phase).toBe('ready');
    await scan(second, cola);
    expect(second.order.totals.totalMinor).toBe(250);
  });
});

describe('without a payment', () => {
  it('goods that cost nothing leave, and the server is told until it has heard it', async () => {
    const register = await open();
    const water = catalogue.products.find((known) => known.id === 'water');
    if (water !== undefined) register.tap(water);
    server.offline = true;
    register.charge();
    await settle();
    expect(register.lastSale?.state).toBe('given_free');
    expect(register.order.isEmpty).toBe(true);
    server.offline = false;
    await clock.turn(10_000);
    expect(server.orders).toHaveLength(1);
    expect(server.orders[0]?.events.at(-1)?.kind).toBe('order_given_free');
  });

  it('takes the new prices when the server says that they changed', async () => {
    const register = await open();
    server.onRequest = () => refusal('price_changed', 409, { totalMinor: 300 });
    server.catalogue = () =>
      Promise.resolve({
        ok: true,
        value: {
          ...catalogue,
          version: '2',
          products: catalogue.products.map((known) => ({
            ...known,
            prices: [{ id: `${known.id}-v2`, priceMinor: 300, validFrom: '2026-11-01T00:00:00Z' }] as const
          }))
        }
      });
    await charge(register);
    await settle();
    expect(register.screen).toMatchObject({ state: 'price_changed', newTotalMinor: 300 });
    expect(register.order.totals.totalMinor).toBe(300);
  });

  it('fetches the catalogue when the session says that it has another version', async () => {
    const register = await open();
    server.session = () => Promise.resolve({ ok: true, value: { ...session, catalogueVersion: '2' } });
    server.catalogue = () =>
      Promise.resolve({
        ok: true,
        value: { ...catalogue, version: '2', products: [product('tea', 320, [unknownCode])] }
      });
    expect(register.search('tea')).toEqual([]);
    await clock.turn(20_000);
    expect(register.search('tea').map(({ id }) => id)).toEqual(['tea']);
  });
});

const unknownCode = '96385074';

describe('"Add it now" of a code that nobody knows', () => {
  const item = { name: 'Biscuits', unitPriceMinor: 320 };
  async function redRow(register: Register): Promise<string> {
    await scan(register, unknownCode);
    const row = register.order.rows.find((known) => known.kind === 'unknown_code');
    return row?.kind === 'unknown_code' ? row.rowId : '';
  }

  it('makes it a product, sells as many as were scanned, and knows it from then on', async () => {
    const register = await open();
    const rowId = await redRow(register);
    await scan(register, unknownCode);
    await register.addNow(rowId, item);
    expect(server.addedNow).toMatchObject([{ name: 'Biscuits', priceMinor: 320, barcode: unknownCode }]);
    expect(register.order.hasRedRow).toBe(false);
    expect(register.order.totals.totalMinor).toBe(640);
    await scan(register, unknownCode);
    expect(register.order.totals.totalMinor).toBe(960);
    expect(register.order.events.some(({ kind }) => kind === 'open_line_added')).toBe(false);
  });

  it('sells it as an open price, with who and why, where Till does not answer', async () => {
    const register = await open();
    const rowId = await redRow(register);
    server.offline = true;
    await register.addNow(rowId, item);
    expect(register.order.events.at(-1)).toMatchObject({
      kind: 'open_line_added',
      name: 'Biscuits',
      unitPriceMinor: 320,
      why: `unknown code ${unknownCode}`,
      by: { name: 'Rosa' }
    });
    expect(register.notice).toBe('sold_as_other');
  });

  it('takes the price of whoever was quicker, and says so', async () => {
    const register = await open();
    const rowId = await redRow(register);
    server.addNow = () =>
      Promise.resolve({
        ok: true,
        value: { product: product('biscuits', 275, [unknownCode]), added: false }
      });
    await register.addNow(rowId, item);
    expect(register.order.totals.totalMinor).toBe(275);
    expect(register.notice).toBe('known_meanwhile');
  });

  it('adds nothing to the next order where this one was cleared before the answer', async () => {
    const register = await open();
    await scan(register, cola);
    const rowId = await redRow(register);
    const adding = register.addNow(rowId, item);
    register.counter.clear();
    await adding;
    expect(register.order.isEmpty).toBe(true);
  });
});

describe('a second tab', () => {
  it('reads and does not sell; a scan there does nothing', async () => {
    const first = await open();
    await scan(first, cola);
    const second = await open();
    expect([first.phase, second.phase]).toEqual(['ready', 'other_tab']);
    await scan(second, gum);
    expect(first.order.totals.totalMinor).toBe(250);
    expect(await second.ordersToday()).toMatchObject([{ number: 'T1-0001' }]);
  });

  it('takes the order on the counter along when it takes over', async () => {
    const first = await open();
    await scan(first, cola, gum);
    const second = await open();
    second.writer.takeOver();
    await settle();
    expect([first.phase, second.phase]).toEqual(['other_tab', 'ready']);
    expect(second.order.totals.totalMinor).toBe(350);
    expect(second.order.order?.number).toBe('T1-0001');
    await charge(second);
    expect(server.requests).toHaveLength(1);
  });

  it('finds the till locked where it was locked in another tab meanwhile', async () => {
    const second = await open();
    const first = await open();
    first.writer.takeOver();
    await settle();
    first.saveSettings({ cardMachine: 'Bank', owesSignOut: 'x' });
    first.people.lock();
    // a tab that reads changes something of its own
    second.saveSettings({ theme: 'dark' });
    second.writer.takeOver();
    await settle();
    expect(second.phase).toBe('ready');
    expect(second.people.locked).toBe(true);
    expect(second.settings).toMatchObject({ cardMachine: 'Bank', owesSignOut: 'x', theme: 'dark' });
  });

  it('knows who signed in at the other one', async () => {
    const second = await open();
    const first = await open();
    first.writer.takeOver();
    await settle();
    expect(await first.people.takeOver({ staffId: 's2', pin: '2222' })).toEqual({ ok: true });
    second.writer.takeOver();
    await settle();
    expect(second.staff?.name).toBe('Lee');
  });

  it('of the office never keeps the till from selling, and gives the scanners back at once', async () => {
    const office = browser.openTab();
    const had = await office.scannerLock.take('if_free', new AbortController().signal);
    const till = await open();
    await settle();
    expect(till.phase).toBe('ready');
    expect(had?.lost.aborted).toBe(true);
    await till.stop();
    await settle();
    expect(await office.scannerLock.take('if_free', new AbortController().signal)).not.toBeNull();
  });

  it('does not get a payment that is at the counter', async () => {
    const first = await open();
    await charge(first);
    const second = await open();
    second.writer.takeOver();
    await settle();
    expect(second.writer.takeover).toBe('payment_at_counter');
    expect([first.phase, second.phase]).toEqual(['ready', 'other_tab']);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    second.writer.takeOver();
    await settle();
    expect([first.phase, second.phase]).toEqual(['other_tab', 'ready']);
  });

  it('resumes the payment of a frozen tab and never sends it again; what the frozen one says later is refused', async () => {
    const frozen = browser.openTab();
    const first = await open({ tabs: frozen });
    await charge(first);
    frozen.frozen = true;
    const second = await open();
    expect(second.writerStamp).toBeNull();
    second.writer.takeOver();
    await clock.turn(12_000);
    expect(second.phase).toBe('ready');
    expect(second.screen).toMatchObject({ state: 'paying', orderNumber: 'T1-0001' });
    expect(second.writerStamp).toEqual({ epoch: 1, term: 2 });
    expect(server.requests).toHaveLength(1);
    server.move(server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(second.screen?.state).toBe('paid');
    expect(first.phase).toBe('other_tab');
    expect(await entryKinds()).toEqual(['order_event', 'order_event', 'attempt_requested', 'attempt_seen']);
  });
});
