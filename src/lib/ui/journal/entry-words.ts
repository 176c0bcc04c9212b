/** An entry of the journal as a sentence for people. */
import type { ShownEntry } from '$lib/register/journal-desk.svelte';
import { m } from '$lib/i18n/generated/messages.js';
import { withSign, type MoneyFormat } from '../money-format';

type Words = (body: ShownEntry['body'], format: MoneyFormat) => string;

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** By the kind of an order's event. */
const orderWords: Readonly<Record<string, Words>> = {
  order_opened: (body) => m.entry_order_opened({ number: text(body['number']) }),
  line_added: (body) => m.entry_line_added({ name: text(body['name']) }),
  open_line_added: (body) => m.entry_open_line_added({ name: text(body['name']) }),
  quantity_set: (body) => m.entry_quantity_set({ count: text(body['quantity']) }),
  line_removed: () => m.entry_line_removed(),
  line_restored: () => m.entry_line_restored(),
  discount_added: () => m.entry_discount_added(),
  discount_removed: () => m.entry_discount_removed(),
  order_parked: () => m.entry_order_parked(),
  age_confirmed: (body) => m.entry_age_confirmed({ age: text(body['age']) }),
  order_resumed: () => m.entry_order_resumed(),
  order_cleared: () => m.entry_order_cleared(),
  order_restored: () => m.entry_order_restored(),
  order_given_free: () => m.entry_order_given_free(),
  cash_tendered: () => m.entry_cash_tendered(),
  card_tendered: () => m.entry_card_tendered(),
  tender_removed: () => m.entry_tender_removed()
};

/** By the state that was seen of a payment. */
const seenWords: Readonly<Record<string, () => string>> = {
  succeeded: m.entry_attempt_paid,
  attached: m.entry_attempt_paid,
  failed: m.entry_attempt_not_paid,
  void: m.entry_attempt_not_paid,
  cancelled: m.entry_attempt_stopped,
  paid_late: m.entry_attempt_late,
  refused: m.entry_attempt_refused
};

const kindWords: Readonly<Record<string, Words>> = {
  order_event: (body, format) => orderWords[text(body['kind'])]?.(body, format) ?? m.entry_order_other(),
  attempt_requested: ({ amountMinor, currency, orderNumber }, { locale }) =>
    m.entry_attempt_requested({
      amount: withSign(typeof amountMinor === 'number' ? amountMinor : 0, {
        currency: text(currency),
        locale
      }),
      number: text(orderNumber)
    }),
  attempt_seen: (body) => (seenWords[text(body['state'])] ?? m.entry_other)(),
  cash_moved: (body, format) => {
    const { amountMinor, currency, kind } = body;
    if (kind === 'no_sale') return m.entry_no_sale();
    const amount = withSign(typeof amountMinor === 'number' ? amountMinor : 0, {
      currency: text(currency),
      locale: format.locale
    });
    return kind === 'pay_in' ? m.entry_pay_in({ amount }) : m.entry_pay_out({ amount });
  },
  drawer_kicked: ({ sent }) => (sent === true ? m.entry_drawer_kicked() : m.entry_drawer_by_hand()),
  register_enrolled: () => m.entry_register_enrolled(),
  checkpoint: () => m.entry_checkpoint()
};

/** @returns one sentence; for a kind that this page does not know yet, that there is one */
export function entryWords({ kind, body }: ShownEntry, format: MoneyFormat): string {
  return kindWords[kind]?.(body, format) ?? m.entry_other();
}

/** Who did it, where the entry says so. */
export function entryActor({ body }: ShownEntry): string | null {
  const by = body['by'];
  if (typeof by !== 'object' || by === null || !('name' in by)) return null;
  const name: unknown = by['name'];
  return typeof name === 'string' ? name : null;
}

/** True for what is about money: drawn stronger. */
export function isAboutMoney({ kind, body }: ShownEntry): boolean {
  return (
    kind.startsWith('attempt_') ||
    kind === 'cash_moved' ||
    ['cash_tendered', 'card_tendered', 'tender_removed'].includes(text(body['kind']))
  );
}
