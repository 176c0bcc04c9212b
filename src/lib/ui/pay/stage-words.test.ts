import { describe, expect, test } from 'vitest';
import type { PaymentScreen } from '$lib/register/payment-screen';
import { remedies } from '$lib/payment/remedy';
import { shopperWords } from './shopper-words';
import { stageWords } from './stage-words';

const base = {
  orderNumber: 'T1-0042',
  amountMinor: 1090,
  currency: 'USD',
  codeLast4: '4321',
  wallet: 'Alipay',
  details: { code: null, text: null, psn: null, merchantOrderNo: null, attemptId: null }
};
const paid = {
  paidMinor: 1090,
  offerByMerchantMinor: 0,
  offerByChannelMinor: 0,
  paidAt: '2026-11-23T10:42:00Z'
};
const declined = { state: 'declined', takenHere: [], askedAgain: null } as const;
const setting = { locale: 'en-US', timeZone: 'UTC', isAdmin: false };

function say(screen: PaymentScreen) {
  return stageWords(screen, setting);
}

test('goods are handed over only where the money came', () => {
  expect(say({ ...base, state: 'paid', ...paid }).goods).toBe('hand_over');
  expect(say({ ...base, state: 'paying', leftMs: 42_000, hadMs: 60_000, slow: false }).goods).toBe('keep');
  expect(say({ ...base, state: 'unknown', nextAskMs: 4000, canStop: true }).goods).toBe('keep');
  expect(say({ ...base, state: 'offline' }).goods).toBe('keep');
});

test('a phone that lies before the scanner is to be taken away first, and both sides read so', () => {
  const screen: PaymentScreen = { ...base, state: 'ready', ask: 'show_again', justAdded: null };
  expect(say(screen).todo).toBe('Take the phone away for a moment, then show it again to charge $10.90.');
  expect(say(screen).quiet).toContain('Nothing was sent yet.');
  expect(shopperWords(screen, setting)).toContain('take your phone away');
});

test('while the shopper is waited for, the seconds count down and the payment can be stopped or left to the tray', () => {
  const words = say({ ...base, state: 'paying', leftMs: 41_200, hadMs: 60_000, slow: false });
  expect(words.quiet).toBe('The shopper has 42 s. Then Till stops the payment.');
  expect(words.buttons.map((button) => button.action)).toEqual(['stop', 'serve_next']);
  expect(words.buttons.some((button) => button.primary)).toBe(false);
});

test('what is spoken never counts seconds, or a screen reader would not stop', () => {
  const early = say({ ...base, state: 'stopping', leftMs: 9000, timeUp: false });
  const late = say({ ...base, state: 'stopping', leftMs: 2000, timeUp: false });
  expect(early.todo).toBe('Nobody pays twice; 9 s');
  expect(early.spoken).toBe(late.spoken);
});

test('an unknown payment says not to charge again, and its first button serves the next customer', () => {
  const words = say({ ...base, state: 'unknown', nextAskMs: 4000, canStop: true });
  expect(words.todo).toContain('Do not charge again.');
  expect(words.buttons[0]).toMatchObject({ action: 'serve_next', primary: true });
});

test('the shop’s own fault says whom to call, and that it is not the shopper', () => {
  const screen: PaymentScreen = {
    ...base,
    details: { ...base.details, code: 'SBX_CLOCK' },
    state: 'unknown',
    nextAskMs: 4000,
    canStop: false,
    shopFault: true
  };
  const words = say(screen);
  expect(words.headline).toBe('Wallet payments are off');
  expect(words.todo).toContain('SBX_CLOCK');
  // Not known is not "no": the goods stay, and nothing says that it may be charged again.
  expect(words.goods).toBe('keep');
  expect(words.buttons.map((button) => button.action)).toEqual(['serve_next', 'ask_now']);
});

test('a payment that Till can’t save says that nothing was sent, whom to call, and offers no other way to take the money', () => {
  const words = say({ ...base, state: 'not_saved' });
  expect(words.todo).toMatch(/^Nothing was sent to the wallet\..*call a manager/);
  expect(words.quiet).toContain('Till keeps trying');
  expect(words.howToFix).toContain('disk');
  expect(words.goods).toBe('keep');
  expect(words.buttons.map((button) => button.action)).toEqual(['serve_next']);
  // The internet is not to blame for it.
  expect(say({ ...base, state: 'not_sent', savedAgain: true }).todo).toBe(
    'No money moved. Till can save again: scan a new code.'
  );
});

test('a wallet offer is told in both parts', () => {
  const words = say({ ...base, state: 'paid', ...paid, paidMinor: 990, offerByChannelMinor: 100 });
  expect(words.todo).toContain('Order 42.');
  expect(words.quiet).toBe('Shopper paid $9.90, wallet offer $1.00');
});

describe('no headline tells the queue about somebody’s money', () => {
  test.each(remedies)('%s', (remedy) => {
    const words = say({ ...base, ...declined, remedy });
    expect(words.headline).not.toMatch(/balance|limit|money|funds/i);
    expect(words.todo).not.toMatch(/balance|limit|funds/i);
    expect(words.goods).toBe('keep');
    expect(words.buttons.length).toBeGreaterThan(0);
    expect(words.buttons.length).toBeLessThanOrEqual(3);
  });
});

test('only an admin is offered to give money back; the others read whom to call', () => {
  const screen: PaymentScreen = { ...base, state: 'paid_after_all', ...paid };
  expect(say(screen).buttons.map((button) => button.action)).toEqual(['receipt', 'keep']);
  expect(say(screen).quiet).toContain('admin');
  const admin = stageWords(screen, { ...setting, isAdmin: true });
  expect(admin.buttons.map((button) => button.action)).toEqual(['give_back', 'keep']);
});

describe('where nothing can be charged now, the stage says what else to do', () => {
  const table: readonly [string, PaymentScreen, string, readonly string[]][] = [
    [
      'a manager freed the order',
      { ...base, state: 'set_aside', paidOtherwise: false },
      'keep',
      ['back', 'cash', 'type_code']
    ],
    [
      'it went on without this payment',
      { ...base, state: 'set_aside', paidOtherwise: true },
      'ask',
      ['leave', 'ask_now']
    ],
    ['a manager closed the order', { ...base, state: 'written_charged' }, 'ask', ['serve_next', 'ask_now']],
    ['money came late', { ...base, state: 'late', paidOtherwise: false }, 'ask', ['leave']],
    ['money came beyond another payment', { ...base, state: 'late', paidOtherwise: true }, 'ask', ['leave']],
    [
      'another till has the order',
      { ...base, state: 'order_busy', heldBy: 'Till 2' },
      'keep',
      ['back', 'cash', 'park']
    ],
    ['there is no network', { ...base, state: 'no_network' }, 'keep', ['back', 'cash']],
    ['only this tablet knows the cashier', { ...base, state: 'pin_first' }, 'keep', ['back', 'cash', 'pin']],
    [
      'the page is old',
      { ...base, state: 'refused', problem: 'contract_changed', detail: '' },
      'keep',
      ['reload', 'back']
    ]
  ];
  test.each(table)('%s', (_what, screen, goods, actions) => {
    const words = say(screen);
    expect(words.goods).toBe(goods);
    expect(words.buttons.map(({ action }) => action)).toEqual(actions);
    expect(words.todo).not.toBe('');
  });
});

test('a payment that the shopper did not confirm in time says that its time is up', () => {
  expect(say({ ...base, state: 'stopping', leftMs: 0, timeUp: true }).quiet).toBe('Time is up.');
  expect(say({ ...base, state: 'stopping', leftMs: 9000, timeUp: false }).quiet).toBeNull();
});

test('a wallet that is not taken here is answered with those that are, to the cashier and to the shopper', () => {
  const screen = {
    ...base,
    ...declined,
    remedy: 'wallet_not_taken',
    takenHere: ['Alipay', 'WeChatPay']
  } as const;
  expect(say(screen).todo).toBe('This shop can’t take that wallet yet. Taken here: Alipay, WeChat Pay.');
  expect(shopperWords(screen, setting)).toBe('We take: Alipay, WeChat Pay');
  expect(say({ ...screen, takenHere: [] }).todo).not.toContain('Taken here');
  expect(shopperWords({ ...screen, takenHere: [] }, setting)).toBe('Please choose another wallet');
});

test('a suspected repeat can be asked about once more, and says what that came to', () => {
  const screen = { ...base, ...declined, remedy: 'look_first' } as const;
  expect(say(screen).buttons.map(({ action }) => action)).toEqual(['scan_again', 'ask_now', 'back']);
  expect(say({ ...screen, askedAgain: 'now' }).quiet).toBe('Asking the wallet …');
  const unclear = say({ ...screen, askedAgain: 'unclear' });
  expect(unclear.quiet).toContain('Do not charge again');
  expect(unclear.buttons.map(({ action }) => action)).toEqual(['ask_now', 'back']);
  const asked = say({ ...screen, askedAgain: { at: '2026-11-23T10:42:07Z' } });
  expect(asked.quiet).toBe('Asked again at 10:42:07 AM: this payment was not made.');
});

describe('the shopper’s line', () => {
  const open = [
    { ...base, state: 'unknown', nextAskMs: 4000, canStop: true },
    { ...base, state: 'unknown', nextAskMs: 4000, canStop: false, shopFault: true },
    { ...base, state: 'offline' },
    { ...base, state: 'stopping', leftMs: 9000, timeUp: false },
    { ...base, state: 'written_charged' },
    { ...base, state: 'set_aside', paidOtherwise: true }
  ] as const;
  test.each(open)('never says "not charged" or "paid" of what is open: $state', (screen) => {
    expect(shopperWords(screen, setting)).toContain('not pay again');
    expect(shopperWords(screen, setting)).not.toMatch(/not charged|^paid/i);
  });

  test('says what was paid, with the offer beside it', () => {
    expect(shopperWords({ ...base, state: 'paid', ...paid }, setting)).toBe('Paid $10.90. Thank you');
    const offer = { ...paid, paidMinor: 990, offerByChannelMinor: 100 };
    expect(shopperWords({ ...base, state: 'paid', ...offer }, setting)).toBe(
      'Paid $9.90 (offer\u00a0$1.00). Thank you'
    );
  });

  test.each(remedies)('gives no reason that embarrasses: %s', (remedy) => {
    expect(shopperWords({ ...base, ...declined, remedy }, setting)).not.toMatch(
      /balance|limit|funds|password|refused/i
    );
  });
});
