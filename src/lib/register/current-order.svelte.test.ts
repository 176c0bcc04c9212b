import { beforeEach, describe, expect, it } from 'vitest';
import { JournalUnavailable } from '$lib/journal/database';
import type { JournalDraft } from '$lib/journal/entries';
import { CurrentOrder } from './current-order.svelte';
import { handClock, product, session, settle, type HandClock } from './fakes';
import { randomId } from './ports';

let clock: HandClock;
let journaled: JournalDraft[];
let journalWorks: boolean;

beforeEach(() => {
  clock = handClock();
  journaled = [];
  journalWorks = true;
});

function order({ epoch = 1 } = {}): CurrentOrder {
  let seq = 0;
  return new CurrentOrder({
    isAsking: () => false,
    onRedRows: () => Promise.resolve(true),
    journal: {
      append(drafts) {
        if (!journalWorks) {
          return Promise.resolve({ ok: false, failure: new JournalUnavailable('write_failed') });
        }
        journaled.push(...drafts);
        return Promise.resolve({ ok: true, entries: [] });
      },
      takeOrderSeq: () => (seq += 1)
    },
    clock,
    newId: randomId,
    shop: session.shop,
    identity: { registerId: 'r1', code: 'T1', name: 'Till 1', epoch },
    staff: () => ({ staffId: 's1', name: 'Rosa' }),
    priced: (of) => ({
      productId: of.id,
      priceVersionId: of.prices[0].id,
      name: of.name,
      unitPriceMinor: of.prices[0].priceMinor,
      taxRateId: 'full',
      taxRatePpm: 190_000
    }),
    taxRate: () => ({ id: 'full', ratePpm: 190_000 }),
    productById: () => null
  });
}

const cola = product('cola', 250);
const gum = product('gum', 100);

describe('the order on the counter', () => {
  it('begins by itself, numbered by register, epoch and sequence', () => {
    const first = order();
    first.addProduct(cola);
    expect(first.order?.number).toBe('T1-0001');
    const later = order({ epoch: 2 });
    later.addProduct(cola);
    expect(later.order?.number).toBe('T1.2-0001');
  });

  it('puts the line that was added to last at the bottom', () => {
    const one = order();
    one.addProduct(cola);
    one.addProduct(gum);
    one.addProduct(cola);
    expect(one.rows.map((row) => row.kind === 'line' && row.line.name)).toEqual(['gum', 'cola']);
    expect(one.quantityOf('cola')).toBe(2);
  });

  it('removes the line at minus one from 1, with undo for 8 s', async () => {
    const one = order();
    one.addProduct(cola);
    one.addProduct(gum);
    const [row] = one.rows;
    if (row?.kind !== 'line') throw new Error('no line');
    one.minusOne(row.line.lineId);
    expect(one.rows[0]).toMatchObject({ kind: 'removed', leftMs: 8000 });
    await clock.turn(7000);
    expect(one.rows[0]).toMatchObject({ kind: 'removed', leftMs: 1000 });
    one.undoRemove(row.line.lineId);
    expect(one.totals.totalMinor).toBe(350);
    one.remove(row.line.lineId);
    await clock.turn(8000);
    expect(one.rows).toHaveLength(1);
  });

  it('takes the last scan back, also where it raised a quantity', () => {
    const one = order();
    one.addProduct(cola);
    one.addProduct(cola);
    one.takeLastBack();
    expect(one.quantityOf('cola')).toBe(1);
    one.takeLastBack();
    expect(one.quantityOf('cola')).toBe(1);
  });

  it('offers what was taken back for 8 s, whatever happened to the line meanwhile', async () => {
    const one = order();
    one.addProduct(cola);
    one.addProduct(cola, 3);
    one.takeLastBack();
    const [line, back] = one.rows;
    expect(line).toMatchObject({ kind: 'line', line: { quantity: 1 } });
    if (back?.kind !== 'taken_back') throw new Error('no undo');
    expect(back).toMatchObject({ quantity: 3, leftMs: 8000, line: { name: 'cola' } });
    one.addProduct(cola);
    one.undoTakeBack();
    expect(one.quantityOf('cola')).toBe(5);
    expect(one.rows.map((row) => row.kind)).toEqual(['line']);

    one.addProduct(cola);
    one.takeLastBack();
    await clock.turn(8000);
    expect(one.rows.map((row) => row.kind)).toEqual(['line']);
    one.undoTakeBack();
    expect(one.quantityOf('cola')).toBe(5);

    one.addProduct(cola);
    one.takeLastBack();
    const [open] = one.rows;
    if (open?.kind === 'line') one.remove(open.line.lineId);
    expect(one.rows.map((row) => row.kind)).toEqual(['removed']);
  });

  it('is cleared with undo for 10 s, and undone as it was', async () => {
    const one = order();
    one.addProduct(cola);
    one.clear();
    expect(one.isEmpty).toBe(true);
    await clock.turn(9000);
    expect(one.clearedUndoLeftMs).toBe(1000);
    one.undoClear();
    expect(one.totals.totalMinor).toBe(250);
    one.addProduct(gum);
    expect(one.totals.totalMinor).toBe(350);
    one.clear();
    await clock.turn(10_000);
    expect(one.clearedUndoLeftMs).toBeNull();
  });

  it('keeps an unknown code out of its events until a person names it', () => {
    const one = order();
    one.addUnknown('4012345678901');
    expect(one.order).toBeNull();
    expect(one.chargeBlock).toBe('red_row');
    const [row] = one.rows;
    if (row?.kind !== 'unknown_code') throw new Error('no red row');
    one.addUnknownNow(row.rowId, { name: 'Postcard', unitPriceMinor: 120 });
    expect(one.chargeBlock).toBeNull();
    expect(one.totals.totalMinor).toBe(120);
    expect(one.events.at(-1)).toMatchObject({ kind: 'open_line_added', why: 'unknown code 4012345678901' });
  });

  it('counts an unknown code that is scanned again, and sells that many', () => {
    const one = order();
    one.addUnknown('4012345678901');
    one.addUnknown('4012345678918');
    one.addUnknown('4012345678901');
    expect(one.rows).toMatchObject([
      { kind: 'unknown_code', text: '4012345678918', count: 1 },
      { kind: 'unknown_code', text: '4012345678901', count: 2 }
    ]);
    const [other, twice] = one.rows;
    if (other?.kind !== 'unknown_code' || twice?.kind !== 'unknown_code') throw new Error('no red row');
    one.addUnknownNow(twice.rowId, { name: 'Postcard', unitPriceMinor: 120 });
    one.replaceUnknown(other.rowId, gum);
    expect(one.totals).toMatchObject({ totalMinor: 340, itemCount: 3 });
  });

  it('keeps codes apart whose text must not be known: they may be different ones', () => {
    const one = order();
    one.addUnknown('');
    one.addUnknown('');
    expect(one.rows).toMatchObject([{ count: 1 }, { count: 1 }]);
  });

  it('changes nothing while it is locked', () => {
    const one = order();
    one.addProduct(cola);
    one.setLocked(true);
    expect(one.addProduct(gum)).toBe(false);
    one.clear();
    one.addDiscount({ lineId: null, discount: { type: 'percent', ratePpm: 500_000 }, why: 'friend' });
    expect(one.totals.totalMinor).toBe(250);
    expect(one.chargeBlock).toBe('paying');
  });

  it('goes on selling while the journal fails, blocks money, and writes everything later in order', async () => {
    const one = order();
    one.addProduct(cola);
    await settle();
    journalWorks = false;
    one.addProduct(gum);
    await settle();
    expect(one.chargeBlock).toBe('journal_failed');
    expect(await one.save()).toBe(false);
    journalWorks = true;
    expect(await one.save()).toBe(true);
    expect(one.chargeBlock).toBeNull();
    expect(journaled.map((draft) => draft.kind === 'order_event' && draft.body.kind)).toEqual([
      'order_opened',
      'line_added',
      'line_added'
    ]);
  });

  it('is parked and taken up again with the same number', async () => {
    const one = order();
    one.addProduct(cola);
    const before = one.order?.number;
    const { events } = one;
    one.park();
    expect(one.isEmpty).toBe(true);
    await settle();
    const parked = journaled.flatMap((draft) => (draft.kind === 'order_event' ? [draft.body] : []));
    expect(parked).toHaveLength(events.length + 1);
    expect(one.takeUp(parked)).toBe(true);
    expect(one.order).toMatchObject({ number: before, parked: false });
  });
});
