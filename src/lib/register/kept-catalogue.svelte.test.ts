import { describe, expect, it } from 'vitest';
import type { KeptName } from '$lib/journal/kept';
import type { Session } from '$lib/wire/shop';
import type { Api } from './api';
import { catalogue, fakeServer, handClock, product, session } from './fakes';
import { KnownPeople } from './known-people.svelte';
import { ShopSession } from './shop-session.svelte';

const shelf = () => {
  const kept = new Map<KeptName, unknown>();
  return {
    read: async (name: KeptName) => kept.get(name),
    write: async (name: KeptName, value: unknown) => void kept.set(name, value)
  };
};

function quiet(api: Pick<Api, 'peopleHere'>) {
  return {
    known: new KnownPeople({ api, clock: handClock(), kept: () => null, registerId: () => null }),
    owesSignOut: () => null,
    onSignOutDone: () => undefined,
    onHeard: () => undefined
  };
}

async function start(kept: ReturnType<typeof shelf>, told: Partial<Session>) {
  const server = fakeServer();
  let fetched = 0;
  const api = {
    ...server,
    session: async () => ({ ok: true as const, value: { ...session, ...told } }),
    catalogue: async () => {
      fetched += 1;
      return { ok: true as const, value: { ...catalogue, version: told.catalogueVersion ?? '1' } };
    }
  };
  const shop = new ShopSession({ api, kept: () => kept, ...quiet(api) });
  await shop.load();
  return { shop, fetched: () => fetched };
}

describe('the catalogue at a start', () => {
  it('is the kept one where the server has the same: a big one is not fetched each morning', async () => {
    const kept = shelf();
    expect((await start(kept, { catalogueVersion: 'a' })).fetched()).toBe(1);
    const again = await start(kept, { catalogueVersion: 'a' });
    expect(again.fetched()).toBe(0);
    expect(again.shop.phase).toBe('ready');
    expect(again.shop.catalogue?.products).toHaveLength(catalogue.products.length);
  });

  it('is fetched where the server has another one, or does not say which', async () => {
    const kept = shelf();
    await start(kept, { catalogueVersion: 'a' });
    const newer = await start(kept, { catalogueVersion: 'b' });
    expect(newer.fetched()).toBe(1);
    expect(newer.shop.catalogue?.version).toBe('b');
    const { catalogueVersion: _, ...silent } = { ...session };
    expect((await start(kept, silent)).fetched()).toBe(1);
  });

  it('reads the shop’s own labels by its patterns, also when they change with the catalogue the same', async () => {
    const kept = shelf();
    const label = { text: '2100001012342' };
    const scale = product('2100001', 1000, ['2100001']);
    const server = fakeServer();
    const shown = { ...session, catalogueVersion: 'a' };
    const api = {
      ...server,
      session: async () => ({ ok: true as const, value: { ...shown } }),
      catalogue: async () => ({
        ok: true as const,
        value: { ...catalogue, version: 'a', products: [...catalogue.products, scale] }
      })
    };
    const shop = new ShopSession({ api, kept: () => kept, ...quiet(api) });
    await shop.load();
    expect(shop.find?.match(label)).toBeNull();
    shown.shop = { ...shown.shop, embeddedPatterns: [{ layout: '21IIIIIWWWWWC', decimals: 3 }] };
    await shop.load();
    expect(shop.find?.match(label)).toMatchObject({
      product: { id: '2100001' },
      measure: { kind: 'weight', grams: 1234 }
    });
  });
});
