/** The register's journal as it lies in the browser. */
import { expect, type Page } from '@playwright/test';
import type { Scannable } from './counter.ts';

/** How many entries there are, and how many of them the server has not confirmed. */
export async function journalInBrowser(page: Page): Promise<{ entries: number; waiting: number }> {
  return page.evaluate(async () => {
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB failed'));
      });
    const database = await settled(indexedDB.open('till'));
    const transaction = database.transaction(['entries', 'outbox']);
    const counted = await Promise.all([
      settled(transaction.objectStore('entries').count()),
      settled(transaction.objectStore('outbox').count())
    ]);
    database.close();
    return { entries: counted[0], waiting: counted[1] };
  });
}

/** Goods are shown at once and written down a moment later: waits until each stands in an order of the journal. */
export async function expectKept(page: Page, ...goods: readonly Scannable[]): Promise<void> {
  const missing = (names: readonly string[]): Promise<string[]> =>
    page.evaluate(async (asked) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('till');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB failed'));
      });
      const orders = await new Promise<unknown[]>((resolve, reject) => {
        const request = database.transaction('orders').objectStore('orders').getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB failed'));
      });
      database.close();
      const text = JSON.stringify(orders);
      return asked.filter((name) => !text.includes(JSON.stringify(name)));
    }, names);
  await expect.poll(() => missing(goods.map(({ name }) => name))).toEqual([]);
}

/** Waits until the page is kept for a start without a network. */
export async function shellIsKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state === 'activated') return;
    await new Promise((resolve) => active?.addEventListener('statechange', resolve, { once: true }));
  });
}

/** How many people this browser knows by their PIN. */
export async function knownHere(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('till');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('IndexedDB failed'));
    });
    const record = await new Promise<unknown>((resolve) => {
      const request = database.transaction('kept').objectStore('kept').get('offlinePins');
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    return (record as { people: unknown[] } | undefined)?.people.length ?? 0;
  });
}
