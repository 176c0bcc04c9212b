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

/** Everything that one of the journal's stores holds. */
function recordsIn(page: Page, store: 'orders' | 'attempts'): Promise<unknown[]> {
  return page.evaluate(async (name) => {
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB failed'));
      });
    const database = await settled(indexedDB.open('till'));
    const records = await settled(database.transaction(name).objectStore(name).getAll());
    database.close();
    return records;
  }, store);
}

/** Goods are shown at once and written down a moment later: waits until each stands in an order of the journal. */
export async function expectKept(page: Page, ...goods: readonly Scannable[]): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const text = JSON.stringify(await recordsIn(page, 'orders'));
    return goods.map(({ name }) => name).filter((name) => !text.includes(JSON.stringify(name)));
  };
  await expect.poll(missing).toEqual([]);
}

/** The same for how a payment ended. */
export async function expectEndKept(page: Page, state: string): Promise<void> {
  const ends = async (): Promise<unknown[]> => {
    const attempts = await recordsIn(page, 'attempts');
    return attempts.map((attempt) => (attempt as { seen: { state: string } | null }).seen?.state);
  };
  await expect.poll(ends).toContain(state);
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
