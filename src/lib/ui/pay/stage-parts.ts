/** What the words of a stage are made of: its slots, its buttons. */
import { m } from '$lib/i18n/generated/messages.js';

export type StageAction =
  | 'back'
  | 'cash'
  | 'set_aside'
  | 'pin'
  | 'type_code'
  | 'stop'
  | 'serve_next'
  | 'ask_now'
  | 'park'
  | 'receipt'
  | 'next'
  | 'keep'
  | 'give_back'
  | 'scan_again'
  | 'reload'
  | 'leave';

export interface StageButton {
  readonly action: StageAction;
  readonly text: string;
  readonly primary: boolean;
}

export interface StageWords {
  readonly headline: string;
  /** 52 px instead of 36: nothing more will happen by itself. */
  readonly final: boolean;
  readonly todo: string;
  readonly quiet: string | null;
  readonly goods: 'keep' | 'hand_over' | 'ask';
  /** What a screen reader says: without the seconds, or it would never be silent. */
  readonly spoken: string;
  /** The middle step's name and how much of it has passed (0 to 1); null where there is nothing to wait for. */
  readonly track: { readonly middle: string; readonly passed: number } | null;
  /** Under "Why?": what the queue need not read. */
  readonly why: string | null;
  readonly howToFix: string | null;
  readonly buttons: readonly StageButton[];
  /** Beneath the details: what only a manager may let happen. */
  readonly seldom?: StageAction;
}

export interface StageSetting {
  readonly locale: string;
  readonly timeZone: string;
  /** Only an admin can give money back here; the others are told whom to call. */
  readonly isAdmin: boolean;
}

/** What most states share. */
export const plain = {
  final: false,
  quiet: null,
  goods: 'keep',
  track: null,
  why: null,
  howToFix: null
} as const;

const names: Record<StageAction, () => string> = {
  back: m.pay_action_back,
  cash: m.cash_action,
  set_aside: m.aside_action,
  pin: m.offline_back_action,
  type_code: m.pay_action_type,
  stop: m.pay_action_stop,
  serve_next: m.pay_action_serve_next,
  ask_now: m.pay_action_ask_now,
  park: m.pay_action_park,
  receipt: m.pay_action_receipt,
  next: m.pay_action_next,
  keep: m.pay_action_keep,
  give_back: m.pay_action_give_back,
  scan_again: m.pay_action_scan_again,
  reload: m.reload,
  leave: m.pay_action_look_done
};

/** The buttons of a state, in their order; the one named `primary` is filled. */
export function buttons(actions: readonly StageAction[], primary: StageAction | null = null): StageButton[] {
  return actions.map((action) => ({ action, text: names[action](), primary: action === primary }));
}

/** Whole seconds, never 0 while something is left to wait for. */
export function secondsLeft(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000));
}

/** Adds what a screen reader says: headline and what to do, where nothing else is given. */
export function speak(words: Omit<StageWords, 'spoken'> & { readonly spoken?: string }): StageWords {
  return { spoken: m.pay_sentence({ headline: words.headline, todo: words.todo }), ...words };
}
