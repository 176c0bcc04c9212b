import { beforeEach, describe, expect, it } from 'vitest';
import type { JournalDraft } from '$lib/journal/entries';
import { CurrentOrder } from './current-order.svelte';
import { handClock, product, session } from './fakes';
import { randomId } from './ports';

const lager = { ...product('lager', 340), minimumAge: 16 };
const gin = { ...product('gin', 2000), minimumAge: 18 };
const gum = product('gum', 100);
let journaled: JournalDraft[];
let order: CurrentOrder;

beforeEach(() => {
  journaled = [];
  order = new CurrentOrder({
    isAsking: () => false,
    onRedRows: () => Promise.resolve(true),
    journal: {
      append(drafts) {
        journaled.push(...drafts);
        return Promise.resolve({ ok: true, entries: [] });
      },
      takeOrderSeq: () => 1
    },
    clock: handClock(),
    newId: randomId,
    shop: session.shop,
    identity: { registerId: 'r1', code: 'T1', name: 'Till 1', epoch: 1 },
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
    productById: (id) => [lager, gin, gum].find((known) => known.id === id) ?? null
  });
});

describe('goods with a minimum age', () => {
  it('hold the charge until somebody has looked, and are asked about once per order', async () => {
    order.addProduct(gum);
    expect(order.chargeBlock).toBeNull();
    order.addProduct(lager);
    expect(order.ageQuestion).toMatchObject({ age: 16, lines: [{ name: lager.name }] });
    expect(order.chargeBlock).toBe('age');
    order.answerAge(true);
    expect(order.chargeBlock).toBeNull();
    order.addProduct(lager);
    expect(order.ageQuestion, 'a second one').toBeNull();
    await order.save();
    expect(journaled.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ kind: 'age_confirmed', age: 16, by: { staffId: 's1', name: 'Rosa' } })
    );
  });

  it('ask again only where something needs more years', () => {
    order.addProduct(lager);
    order.answerAge(true);
    order.addProduct(gin);
    expect(order.ageQuestion).toMatchObject({ age: 18, lines: [{ name: gin.name }] });
    order.answerAge(true);
    expect(order.chargeBlock).toBeNull();
  });

  it('are taken back by No, with undo, and then asked about again; the rest stays', () => {
    order.addProduct(gum);
    order.addProduct(lager);
    const lineId = order.ageQuestion?.lines[0]?.lineId ?? '';
    order.answerAge(false);
    expect(order.quantityOf('lager')).toBe(0);
    expect(order.quantityOf('gum')).toBe(1);
    expect(order.chargeBlock).toBeNull();
    order.undoRemove(lineId);
    expect(order.chargeBlock).toBe('age');
  });
});
