/**
 * A day's wallet payments three times: as each register wrote them down, as the ledger has them, and as the wallet said
 * at the day's last check. The ledger is the truth; a difference is named and changes nothing.
 */
import { businessDaySpan } from '$lib/order/business-day';
import type { Comparison } from '$lib/wire/registers';
import type { Ledger } from '../ledger/ledger';
import { isoTime } from '../payments/views';

type Row = Comparison['registers'][number];
type Difference = Row['differences'][number];

const moneyIn = ['succeeded', 'attached'] as const;

export async function compareRegisters({
  ledger,
  day
}: {
  readonly ledger: Ledger;
  readonly day: string;
}): Promise<Comparison> {
  const { db } = ledger;
  const shop = await db.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
  const span = businessDaySpan({
    day,
    timeZone: shop.time_zone,
    dayStartsAtMinute: shop.day_starts_at_minute
  });
  const check = await db
    .selectFrom('reconciliations')
    .select(['id', 'ended_at_ms'])
    .where('day', '=', day)
    .where('ended_at_ms', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const paid = await db
    .selectFrom('attempts')
    .leftJoin('orders', 'orders.id', 'attempts.order_id')
    .leftJoin('journal_attempts', 'journal_attempts.attempt_id', 'attempts.id')
    .where('attempts.state', 'in', moneyIn)
    .where('attempts.ended_at_ms', '>=', span.startMs)
    .where('attempts.ended_at_ms', '<', span.endMs)
    .orderBy('attempts.ended_at_ms')
    .select([
      'attempts.id',
      'attempts.register_id',
      'attempts.order_id',
      'attempts.amount_minor',
      'orders.number',
      'journal_attempts.seen_state',
      'journal_attempts.amount_minor as journal_minor'
    ])
    .execute();
  // Seen paid at the counter that day, and not money in the ledger.
  const unbacked = await db
    .selectFrom('journal_attempts')
    .leftJoin('attempts', 'attempts.id', 'journal_attempts.attempt_id')
    .leftJoin('orders', 'orders.id', 'journal_attempts.order_id')
    .where('journal_attempts.business_day', '=', day)
    .where('journal_attempts.seen_state', 'in', moneyIn)
    .where((where) =>
      where.or([where('attempts.state', 'is', null), where('attempts.state', 'not in', moneyIn)])
    )
    .select([
      'journal_attempts.register_id',
      'journal_attempts.order_id',
      'journal_attempts.amount_minor',
      'orders.number',
      'attempts.state'
    ])
    .execute();
  const items =
    check === undefined
      ? []
      : await db
          .selectFrom('reconciliation_items')
          .where('reconciliation_id', '=', check.id)
          .where('subject', '=', 'attempt')
          .select(['subject_id', 'outcome', 'difference'])
          .execute();
  const outcomes = new Map(items.map((item) => [item.subject_id, item]));
  const questioned = await db
    .selectFrom('journal_entries')
    .leftJoin('orders', 'orders.id', 'journal_entries.order_id')
    .where('journal_entries.business_day', '=', day)
    .where('question', 'is not', null)
    .orderBy('journal_entries.seq')
    .select(['journal_entries.register_id', 'order_id', 'question', 'orders.number'])
    .execute();
  const heads = await db.selectFrom('journal_heads').selectAll().execute();
  const registers = await db
    .selectFrom('registers')
    .select(['id', 'code', 'name', 'epoch', 'retired_at_ms'])
    .execute();

  const rows = registers
    .toSorted((one, other) => one.code.length - other.code.length || one.code.localeCompare(other.code))
    .map((register): Row & { readonly retired: boolean } => {
      const own = paid.filter((row) => row.register_id === register.id);
      const claims = unbacked.filter((row) => row.register_id === register.id);
      const journaled = own.filter(({ seen_state }) => isMoneyIn(seen_state));
      const same = own.filter(({ id }) => outcomes.get(id)?.outcome === 'same');
      const stopped = heads.find(
        (head) =>
          head.register_id === register.id && head.epoch === register.epoch && head.stopped_seq !== null
      );
      return {
        registerId: register.id,
        code: register.code,
        name: register.name,
        retired: register.retired_at_ms !== null,
        journal: {
          count: journaled.length + claims.length,
          sumMinor:
            sumOf(journaled.map(({ journal_minor }) => journal_minor ?? 0)) +
            sumOf(claims.map(({ amount_minor }) => amount_minor))
        },
        ledger: { count: own.length, sumMinor: sumOf(own.map(({ amount_minor }) => amount_minor)) },
        gateway: { count: same.length, sumMinor: sumOf(same.map(({ amount_minor }) => amount_minor)) },
        waiting: sumOf(
          heads.filter((head) => head.register_id === register.id).map(({ waiting }) => waiting)
        ),
        differences: [
          ...(stopped === undefined
            ? []
            : [difference('stopped', `entry ${stopped.epoch}/${stopped.stopped_seq ?? 0}`, null)]),
          ...claims.map((row) => difference('not_in_ledger', row.state ?? '', row)),
          ...own
            .filter(({ seen_state }) => !isMoneyIn(seen_state))
            .map((row) => difference('not_in_journal', row.seen_state ?? '', row)),
          ...journaled
            .filter((row) => row.journal_minor !== row.amount_minor)
            .map((row) => difference('amount', String(row.journal_minor), row)),
          ...own.flatMap((row) => {
            const item = outcomes.get(row.id);
            return item?.outcome === 'different' ? [difference('gateway', item.difference ?? '', row)] : [];
          }),
          ...questioned
            .filter((row) => row.register_id === register.id)
            .map((row) => difference('questioned', row.question ?? '', { ...row, amount_minor: null }))
        ]
      };
    })
    .filter((row) => !row.retired || row.ledger.count + row.journal.count + row.differences.length > 0);
  return {
    day,
    currency: shop.currency,
    checkedAt: check === undefined || check.ended_at_ms === null ? null : isoTime(check.ended_at_ms),
    registers: rows.map(({ retired: _, ...row }) => row)
  };
}

function difference(
  kind: Difference['kind'],
  text: string,
  about: { order_id: string | null; number: string | null; amount_minor: number | null } | null
): Difference {
  return {
    kind,
    text,
    orderId: about?.order_id ?? null,
    number: about?.number ?? null,
    amountMinor: about?.amount_minor ?? null
  };
}

function isMoneyIn(state: string | null): boolean {
  return moneyIn.some((name) => name === state);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
