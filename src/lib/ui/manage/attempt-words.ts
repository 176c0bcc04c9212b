import type { AttemptState } from '$lib/payment/states';
import { m } from '$lib/i18n/generated/messages.js';
import type { Tone } from '../tone';

/** A payment in a list, in one of the owner's words. */
export const attemptStateWords: Record<AttemptState, { readonly tone: Tone; readonly word: () => string }> = {
  intent: { tone: 'unknown', word: m.standing_checking },
  submitted: { tone: 'unknown', word: m.standing_checking },
  paying: { tone: 'unknown', word: m.standing_checking },
  unknown: { tone: 'unknown', word: m.standing_checking },
  cancelling: { tone: 'unknown', word: m.standing_checking },
  succeeded: { tone: 'paid', word: m.standing_paid },
  attached: { tone: 'paid', word: m.standing_paid },
  failed: { tone: 'not-paid', word: m.standing_not_paid },
  void: { tone: 'not-paid', word: m.standing_not_paid },
  cancelled: { tone: 'stopped', word: m.standing_stopped },
  paid_late: { tone: 'needs-you', word: m.standing_needs_you },
  refunded: { tone: 'stopped', word: m.standing_refunded }
};
