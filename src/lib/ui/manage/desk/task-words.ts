import type { DeskTask } from '$lib/wire/desk';
import { m } from '$lib/i18n/generated/messages.js';
import { withoutSign, type MoneyFormat } from '../../money-format';
import { dayText, momentText, timeText, type ShopClock } from '../shop-clock';
import { walletName } from '../wallet-name';

/** A task as a manager reads it: what happened, and what to do about it. */
export interface TaskWords {
  readonly headline: string;
  readonly todo: string;
  /** More to know before deciding; quiet. */
  readonly aside: string | null;
}

export function taskWords({
  task,
  today,
  format,
  clock
}: {
  readonly task: DeskTask;
  /** The running business day. */
  readonly today: string;
  readonly format: MoneyFormat;
  readonly clock: ShopClock;
}): TaskWords {
  const { text } = task;
  switch (task.kind) {
    case 'late_money':
      return lateWords({ task, today, format, clock });
    case 'surplus':
      return {
        headline: m.desk_surplus_headline(),
        todo: m.desk_surplus_do({ text }),
        aside: task.refundOnItsWay ? m.desk_obstacle_refund_in_flight() : null
      };
    case 'mismatch':
      return { headline: m.desk_mismatch_headline(), todo: m.desk_mismatch_do({ text }), aside: null };
    case 'contradiction':
      return { headline: m.desk_contradiction_headline(), todo: m.desk_mismatch_do({ text }), aside: null };
    case 'journal':
      return { headline: m.desk_journal_headline(), todo: m.desk_journal_do({ text }), aside: null };
    case 'alarm':
      return { headline: m.desk_alarm_headline(), todo: m.desk_alarm_do({ text }), aside: null };
  }
}

function lateWords({
  task,
  today,
  format,
  clock
}: {
  readonly task: DeskTask;
  readonly today: string;
  readonly format: MoneyFormat;
  readonly clock: ShopClock;
}): TaskWords {
  const attempt = task.about?.attempt;
  const at = new Date(attempt?.endedAt ?? task.createdAt);
  const said = {
    amount: withoutSign(attempt?.amountMinor ?? 0, format),
    wallet: walletName(attempt?.wallet ?? null),
    time: timeText(at, clock)
  };
  const headline = m.desk_late_headline();
  const obstacles = {
    already_paid: m.desk_obstacle_already_paid,
    order_busy: m.desk_obstacle_order_busy,
    refund_in_flight: m.desk_obstacle_refund_in_flight,
    part_given_back: m.desk_obstacle_part_given_back
  };
  if (task.refundOnItsWay) {
    return {
      headline,
      todo: m.desk_obstacle_refund_in_flight(),
      aside: `${said.amount}, ${said.wallet}, ${said.time}`
    };
  }
  const orderDay = task.about?.orderDay ?? today;
  const otherDay = orderDay === today ? null : m.desk_late_other_day({ day: dayText(orderDay, clock) });
  return task.attachObstacle === null
    ? { headline, todo: m.desk_late_do(said), aside: otherDay }
    : { headline, todo: m.desk_late_goes_back(said), aside: obstacles[task.attachObstacle]() };
}

/** "since 10:15" of what waits. */
export function sinceText(at: string, clock: ShopClock): string {
  return m.desk_at({ time: momentText(new Date(at), new Date(), clock) });
}
