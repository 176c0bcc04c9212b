import type { AttemptRecord, OrderRecord } from '$lib/journal/entries';
import type { Journal } from '$lib/journal/journal';
import { hasMoney } from './attempt-seen';
import type { Counter } from './counter.svelte';
import { readLeftBehind, wentOnWithout } from './left-behind';
import type { LooseScans } from './loose-scans';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * After a reload, a crash or a take-over: brings a new counter to where the one before it stood.
 *
 * @param nowMs milliseconds since 1970
 * @throws JournalUnavailable
 */
export async function recoverCounter({
  journal,
  counter,
  loose,
  nowMs
}: {
  readonly journal: Journal;
  readonly counter: Counter;
  readonly loose: LooseScans;
  readonly nowMs: number;
}): Promise<void> {
  const { unpaid, lastSale } = await readLeftBehind({ journal, nowMs });
  counter.comeBack({ unpaid: unpaid.map(({ events }) => events), lastSale });
  await recoverAttempts({ journal, counter, unpaid, nowMs });
  // last: each of them belongs to an order that stands there by now, or to the next one
  await loose.recover();
}

/**
 * Every attempt whose end the journal never saw is asked for again. Nothing is ever sent again.
 * Those that ended without money are listened for, as long as their order can be paid.
 *
 * @param unpaid orders that came back to the counter
 * @throws JournalUnavailable
 */
async function recoverAttempts({
  journal,
  counter,
  unpaid,
  nowMs
}: {
  readonly journal: Journal;
  readonly counter: Counter;
  readonly unpaid: readonly OrderRecord[];
  readonly nowMs: number;
}): Promise<void> {
  const records = await journal.openAttempts();
  // the newest comes on the stage, the others into the tray
  for (const record of records.toSorted((a, b) => b.requestedAtMs - a.requestedAtMs)) {
    const order = await journal.order(record.orderId);
    const events = order?.events ?? [];
    const attempts = await journal.attemptsOf(record.orderId);
    const paidOtherwise = wentOnWithout(record, { events, attempts });
    if (paidOtherwise || order?.waiting === 1) counter.followOnly(record, { events, paidOtherwise });
    else counter.recover(record, counter.orderOf(events));
  }
  const waiting = (await journal.waitingOrders()).filter(
    // one that was cleared is restored on its day only
    ({ events, openedAtMs }) => events.at(-1)?.kind === 'order_parked' || openedAtMs > nowMs - dayMs
  );
  const payable = new Map([...unpaid, ...waiting].map((order) => [order.orderId, order]));
  if (payable.size === 0) return;
  const ended = (await journal.attemptsOfAll([...payable.keys()])).flat().filter(endedWithoutMoney);
  for (const record of ended.toSorted((a, b) => a.requestedAtMs - b.requestedAtMs)) {
    const events = payable.get(record.orderId)?.events ?? [];
    counter.followOnly(record, { events, paidOtherwise: false });
  }
}

/** Money may still come late. */
function endedWithoutMoney(record: AttemptRecord): boolean {
  const { seen } = record;
  return seen !== null && seen.state !== 'refused' && seen.state !== 'void' && !hasMoney(record);
}
