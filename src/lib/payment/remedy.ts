/**
 * What a cashier can do about a payment that did not come: declines are sorted by remedy, not by cause,
 * because CodePay publishes no list of causes and the queue reads the screen too.
 */
export const remedies = [
  /** The code is old, used or unreadable: a fresh one. */
  'fresh_code',
  /** Balance, card or day limit: another card or wallet. */
  'other_card',
  /** The shopper stopped it, or the password was wrong: scan again. */
  'shopper_stopped',
  /** Risk, blocked account: another wallet or cash. */
  'other_wallet',
  /** This shop can't take that wallet. */
  'wallet_not_taken',
  /** The wallet suspects a repeat: look at the shopper's bills first. */
  'look_first',
  /** Key, clock or contract: the shop's fault. */
  'shop_fault',
  /** Nothing left this machine: check the internet. */
  'check_internet',
  /** Its time was up, or it was stopped, and nothing was taken. */
  'try_again',
  /** Any other code: its text is shown. */
  'other'
] as const;

export type Remedy = (typeof remedies)[number];
