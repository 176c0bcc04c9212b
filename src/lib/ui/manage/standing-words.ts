import type { OrderStanding } from '$lib/wire/orders';
import { m } from '$lib/i18n/generated/messages.js';

/** The standings in the order in which a manager filters by them: what asks for somebody first. */
export const standingWords: readonly { readonly standing: OrderStanding; readonly word: () => string }[] = [
  { standing: 'needs_you', word: m.standing_needs_you },
  { standing: 'checking', word: m.standing_checking },
  { standing: 'paid', word: m.standing_paid },
  { standing: 'not_paid', word: m.standing_not_paid },
  { standing: 'stopped', word: m.standing_stopped },
  { standing: 'refund_on_its_way', word: m.standing_refund_on_its_way },
  { standing: 'part_refunded', word: m.standing_part_refunded },
  { standing: 'refunded', word: m.standing_refunded },
  { standing: 'open', word: m.standing_open }
];
