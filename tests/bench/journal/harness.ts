/** The page of `bench:journal`: appends side by side, and a day among many orders. Bundled by Vite, driven from the bench. */
import { openDatabase } from '../../../src/lib/journal/database';
import type { AttemptRecord, OrderRecord } from '../../../src/lib/journal/entries';
import { openJournal, type Journal } from '../../../src/lib/journal/journal';
import { readLeftBehind } from '../../../src/lib/register/left-behind';
import { ordersToday } from '../../../src/lib/register/sales';
import type { Shop } from '../../../src/lib/wire/shop';
import { openWriters, writerNames, type WriterName } from './writers';

const dayMs = 24 * 60 * 60 * 1000;
const nowMs = Date.parse('2026-11-25T18:00:00.000Z');
const shop: Shop = {
  name: 'Bench',
  address: '',
  taxId: '',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  dayStartsAtMinute: 240,
  taxMode: 'included',
  locale: 'de-DE',
  oneScanLimitMinor: 5000,
  embeddedPatterns: []
};
const by = { staffId: 'staff-1', name: 'Rosa Marin' };

/** Every writer appends once, then every writer again, each round beginning with the next: none has the disk at a better moment. */
async function append(rounds: number): Promise<Readonly<Record<WriterName, readonly number[]>>> {
  const writers = await openWriters();
  const times = Object.fromEntries(writerNames.map((name) => [name, []])) as unknown as Record<
    WriterName,
    number[]
  >;
  const warmUp = 20;
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const first = round % writerNames.length;
    for (const name of [...writerNames.slice(first), ...writerNames.slice(0, first)]) {
      const startedAt = performance.now();
      await writers[name](round);
      if (round >= warmUp) times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}

/** Orders as a register keeps them ready, each with three lines and a payment, spread over many days up to today. */
async function fill({ orders, perDay }: { readonly orders: number; readonly perDay: number }): Promise<void> {
  const database = await openDatabase({ name: 'bench-day' });
  const atOnce = 2000;
  for (let from = 0; from < orders; from += atOnce) {
    await database.use(async (open) => {
      const transaction = open.transaction(['orders', 'attempts'], 'readwrite');
      for (let index = from; index < Math.min(orders, from + atOnce); index += 1) {
        const daysAgo = Math.floor(index / perDay);
        const openedAtMs = nowMs - daysAgo * dayMs - (index % perDay) * 60_000;
        const { order, attempt } = soldAt(index, openedAtMs);
        void transaction.objectStore('orders').add(order);
        void transaction.objectStore('attempts').add(attempt);
      }
      await transaction.done;
    });
  }
  database.close();
}

function soldAt(
  index: number,
  openedAtMs: number
): { readonly order: OrderRecord; readonly attempt: AttemptRecord } {
  const orderId = `order-${index}`;
  const at = new Date(openedAtMs).toISOString();
  const number = `T1-${String(index).padStart(6, '0')}`;
  return {
    order: {
      orderId,
      number,
      openedAtMs,
      waiting: 0,
      events: [
        {
          kind: 'order_opened',
          at,
          by,
          orderId,
          number,
          registerId: 'r1',
          epoch: 1,
          currency: 'EUR',
          taxMode: 'included'
        },
        ...[1, 2, 3].map((line) => ({
          kind: 'line_added' as const,
          at,
          by,
          lineId: `${orderId}-${line}`,
          productId: `product-${line}`,
          priceVersionId: `price-${line}`,
          name: `Product ${line}`,
          unitPriceMinor: 250,
          taxRateId: 'full',
          taxRatePpm: 190_000,
          quantity: line
        }))
      ]
    },
    attempt: {
      attemptId: `attempt-${index}`,
      orderId,
      requestedAtMs: openedAtMs + 1000,
      requested: {
        attemptId: `attempt-${index}`,
        orderId,
        orderNumber: number,
        revision: 4,
        amountMinor: 1500,
        currency: 'EUR',
        codeLast4: '1200'
      },
      seen: {
        attemptId: `attempt-${index}`,
        state: 'succeeded',
        version: 4,
        failReason: null,
        remedy: null,
        problem: null,
        errorCode: null,
        errorText: null,
        psn: null,
        merchantOrderNo: `M${index}`,
        wallet: 'Alipay',
        paidMinor: 1500,
        offerByMerchantMinor: 0,
        offerByChannelMinor: 0,
        endedAt: at
      },
      open: 0
    }
  };
}

/** As a page that was just opened does it. */
async function openDay(): Promise<{
  readonly orders: number;
  readonly listMs: number;
  readonly startMs: number;
}> {
  const startedAt = performance.now();
  const database = await openDatabase({ name: 'bench-day' });
  const journal: Journal = await openJournal({
    database,
    registerId: 'r1',
    epoch: 1,
    writes: null,
    now: () => nowMs,
    monotonic: () => performance.now()
  });
  const list = await ordersToday({ journal, shop, nowMs });
  const listMs = performance.now() - startedAt;
  const startAt = performance.now();
  await readLeftBehind({ journal, nowMs });
  const startMs = performance.now() - startAt;
  database.close();
  return { orders: list.length, listMs, startMs };
}

export interface JournalBench {
  append: typeof append;
  fill: typeof fill;
  openDay: typeof openDay;
}
const bench: JournalBench = { append, fill, openDay };
Reflect.set(globalThis, 'bench', bench);
