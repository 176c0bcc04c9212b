import type { Component } from 'svelte';
import Ban from '~icons/lucide/ban';
import Check from '~icons/lucide/check';
import CircleQuestion from '~icons/lucide/circle-question-mark';
import Hourglass from '~icons/lucide/hourglass';
import Smartphone from '~icons/lucide/smartphone';
import TriangleAlert from '~icons/lucide/triangle-alert';
import User from '~icons/lucide/user-round';
import WifiOff from '~icons/lucide/wifi-off';
import X from '~icons/lucide/x';
import type { PaymentScreenState } from '$lib/register/payment-screen';
import { m } from '$lib/i18n/generated/messages.js';
import type { Tone } from '../tone';

/** A state's colour, sign and word: the same on the stage, on a tray chip and beside the last sale. */
export interface ScreenMark {
  readonly tone: Tone;
  readonly icon: Component<{ size?: number; class?: string; 'aria-hidden'?: 'true' }>;
  /** The word for lists: one of those that owners read. */
  readonly word: () => string;
  /** What is told when it happens to a payment in the tray; the word where left out. */
  readonly told?: () => string;
}

const marks: Record<PaymentScreenState | 'given_free', ScreenMark> = {
  ready: { tone: 'plain', icon: Smartphone, word: m.standing_open },
  sending: { tone: 'waiting', icon: Smartphone, word: m.standing_checking },
  paying: { tone: 'waiting', icon: Smartphone, word: m.standing_checking },
  stopping: { tone: 'stopped', icon: Hourglass, word: m.standing_checking },
  unknown: { tone: 'unknown', icon: CircleQuestion, word: m.standing_checking },
  offline: { tone: 'unknown', icon: WifiOff, word: m.standing_checking },
  not_saved: { tone: 'unknown', icon: TriangleAlert, word: m.standing_checking },
  not_sent: { tone: 'not-paid', icon: WifiOff, word: m.standing_not_paid },
  paid: { tone: 'paid', icon: Check, word: m.standing_paid },
  declined: { tone: 'not-paid', icon: X, word: m.standing_not_paid },
  stopped: { tone: 'stopped', icon: Ban, word: m.standing_stopped },
  paid_after_all: { tone: 'paid', icon: Check, word: m.standing_paid },
  code_used: { tone: 'stopped', icon: Ban, word: m.standing_not_paid },
  merchant_code: { tone: 'stopped', icon: TriangleAlert, word: m.standing_not_paid },
  already_paid: { tone: 'paid', icon: Check, word: m.standing_paid },
  no_network: { tone: 'stopped', icon: WifiOff, word: m.standing_not_paid },
  pin_first: { tone: 'stopped', icon: User, word: m.standing_not_paid },
  journal_failed: { tone: 'not-paid', icon: TriangleAlert, word: m.standing_not_paid },
  late: { tone: 'needs-you', icon: User, word: m.standing_needs_you, told: m.tray_told_late },
  set_aside: { tone: 'stopped', icon: User, word: m.standing_checking, told: m.tray_told_set_aside },
  written_charged: { tone: 'unknown', icon: User, word: m.standing_checking },
  order_busy: { tone: 'stopped', icon: Hourglass, word: m.standing_not_paid },
  price_changed: { tone: 'stopped', icon: TriangleAlert, word: m.standing_not_paid },
  refused: { tone: 'not-paid', icon: X, word: m.standing_not_paid },
  given_free: { tone: 'paid', icon: Check, word: m.standing_paid }
};

export function screenMark(state: PaymentScreenState | 'given_free'): ScreenMark {
  return marks[state];
}
