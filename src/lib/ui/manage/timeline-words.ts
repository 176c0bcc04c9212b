import type { OrderDetail } from '$lib/wire/orders';
import { namedOffline } from './named-offline';
import { m } from '$lib/i18n/generated/messages.js';

export type TimelineEntry = OrderDetail['timeline'][number];

/** Entries that follow each other and say the same, as one. */
export interface TimelineStep {
  readonly text: string;
  /** Who did it, for people. */
  readonly actor: string;
  readonly first: TimelineEntry;
  readonly last: TimelineEntry;
  readonly times: number;
  /** False for what is asked over and over: shown small. */
  readonly matters: boolean;
}

const words: Readonly<Record<string, () => string>> = {
  order_received: m.timeline_order_received,
  order_given_free: m.timeline_order_given_free,
  order_cleared: m.timeline_order_cleared,
  cash_taken: m.cash_timeline_taken,
  return_not_confirmed: m.cash_timeline_not_confirmed,
  sold_at_older_price: m.cash_timeline_older_price,
  payment_requested: m.timeline_payment_requested,
  attempt_learned: m.timeline_attempt_learned,
  attempt_voided: m.timeline_attempt_voided,
  submit_started: m.timeline_submit_started,
  submit_answered: m.timeline_submit_answered,
  submit_refused: m.timeline_submit_refused,
  submit_unanswered: m.timeline_submit_unanswered,
  nothing_sent: m.timeline_nothing_sent,
  seen_paying: m.timeline_seen_paying,
  doubt_arose: m.timeline_doubt_arose,
  asked_in_vain: m.timeline_asked_in_vain,
  not_found: m.timeline_not_found,
  looked_again: m.timeline_looked_again,
  proven_paid: m.timeline_proven_paid,
  proven_failed: m.timeline_proven_failed,
  proven_cancelled: m.timeline_proven_cancelled,
  stop_requested: m.timeline_stop_requested,
  cancel_committed: m.timeline_cancel_committed,
  // in records of before, which do not say how
  cancel_answered: m.timeline_cancel_answered,
  cancel_accepted: m.timeline_cancel_accepted,
  cancel_busy: m.timeline_cancel_busy,
  cancel_refused: m.timeline_cancel_refused,
  cancel_not_found: m.timeline_cancel_not_found,
  cancel_unanswered: m.timeline_cancel_unanswered,
  answer_differs: m.timeline_answer_differs,
  paid_seen_while_stopping: m.timeline_paid_seen_while_stopping,
  late_money_suspected: m.timeline_late_money_suspected,
  late_money_found: m.timeline_late_money_found,
  late_money_confirmed: m.timeline_late_money_confirmed,
  late_money_attached: m.timeline_late_money_attached,
  written_charged: m.timeline_written_charged,
  written_not_charged: m.timeline_written_not_charged,
  task_done: m.timeline_task_done,
  late_money_returned: m.timeline_late_money_returned,
  contradiction: m.timeline_contradiction,
  refund_requested: m.timeline_refund_requested,
  refund_not_confirmed: m.timeline_refund_not_confirmed,
  refund_paid_in_cash: m.timeline_refund_paid_in_cash,
  refund_taken: m.timeline_refund_taken,
  refund_refused: m.timeline_refund_refused,
  refund_unanswered: m.timeline_refund_unanswered,
  seen_refunding: m.timeline_seen_refunding,
  funds_lacking: m.timeline_funds_lacking,
  proven_refunded: m.timeline_proven_refunded
};

/** Words that carry what a person wrote or named. */
const wordsWith: Readonly<Record<string, (said: string) => string>> = {
  card_noted: (name) => m.cash_timeline_card({ name }),
  tender_taken_back: (why) => m.cash_timeline_taken_back({ why }),
  refund_confirmed: (by) =>
    by === 'pin'
      ? m.timeline_refund_confirmed_pin()
      : by === 'remembered'
        ? m.timeline_refund_confirmed_remembered()
        : m.timeline_refund_confirmed_password(),
  cash_given_back: (why) => m.cash_timeline_given_back({ why }),
  card_given_back: (why) => m.cash_timeline_card_given_back({ why })
};

/** The same evidence says something else about a refund. */
const refundWordsOf: Readonly<Record<string, () => string>> = {
  submit_started: m.timeline_refund_submit_started,
  proven_failed: m.timeline_refund_proven_failed
};

const repeated = new Set([
  'asked_in_vain',
  'not_found',
  'looked_again',
  'doubt_arose',
  'seen_paying',
  'seen_refunding'
]);

/** Nothing was heard: that is Till's to say. */
const unheard = new Set([
  'submit_unanswered',
  'refund_unanswered',
  'cancel_unanswered',
  'nothing_sent',
  'asked_in_vain'
]);

const actors: Readonly<Record<string, () => string>> = {
  worker: m.manage_actor_till,
  till: m.manage_actor_till,
  webhook: m.manage_actor_wallet,
  gateway: m.manage_actor_wallet,
  staff: m.manage_actor_staff
};

/** Written down beside a cashier whom the server did not know to be there. */
const offlineCodes: Readonly<Record<string, 'pin' | 'last'>> = {
  named_offline_pin: 'pin',
  named_offline_last: 'last'
};

/** Null also where the code is the gateway's own, which is shown as it is. */
export function offlineOf({ code }: TimelineEntry): 'pin' | 'last' | null {
  return code === null ? null : (offlineCodes[code] ?? null);
}

function actorOf(entry: TimelineEntry): string {
  if (unheard.has(entry.what)) return m.manage_actor_till();
  return actors[entry.actor]?.() ?? namedOffline(entry.actor, offlineOf(entry));
}

/** What an entry's evidence says beyond the fact itself: that a call was understood is no news. */
export function spokenOf({ code, message }: TimelineEntry): string {
  if (code !== '0') return [code, message].filter(Boolean).join(' · ');
  return message === null || message.toLowerCase() === 'success' ? '' : message;
}

/** A timeline for people, newest first. A name that we have no words for is shown as it is. */
export function timelineSteps(timeline: readonly TimelineEntry[]): TimelineStep[] {
  const steps: TimelineStep[] = [];
  for (const entry of timeline) {
    const before = steps.at(-1);
    const same =
      before !== undefined && before.first.what === entry.what && before.first.subject === entry.subject;
    if (same && repeated.has(entry.what)) {
      steps[steps.length - 1] = { ...before, last: entry, times: before.times + 1 };
      continue;
    }
    const word = (entry.subject === 'refund' ? refundWordsOf[entry.what] : undefined) ?? words[entry.what];
    steps.push({
      text: word?.() ?? wordsWith[entry.what]?.(entry.message ?? '') ?? entry.what,
      actor: actorOf(entry),
      first: entry,
      last: entry,
      times: 1,
      matters: !repeated.has(entry.what) || entry.from !== entry.to
    });
  }
  return steps.toReversed();
}
