import { describe, expect, it } from 'vitest';
import type { Attempt } from './api';
import { attempt } from './fakes';
import { screenOf, type PaymentFacts, type PaymentScreenState } from './payment-screen';

function facts(view: Partial<Attempt> | null, change: Partial<PaymentFacts> = {}): PaymentFacts {
  return {
    attemptId: 'a',
    lookingAgain: false,
    orderNumber: 'T1-0001',
    amountMinor: 1090,
    currency: 'EUR',
    codeLast4: '0000',
    startedAtMs: 0,
    nowMs: 5000,
    view: view === null ? null : attempt({ attemptId: 'a', ...view }),
    viewAtMs: 4000,
    localEnd: null,
    offline: false,
    failing: false,
    unsaved: false,
    stopAsked: false,
    kept: false,
    paidOtherwise: false,
    timeUp: false,
    endedAt: '2026-11-23T09:00:00.000Z',
    ...change
  };
}

describe('what the stage shows', () => {
  it.each<[string, Partial<Attempt> | null, Partial<PaymentFacts>, PaymentScreenState]>([
    ['nothing heard yet, a moment after the scan', null, { nowMs: 1000 }, 'sending'],
    ['nothing heard for 5 s', null, {}, 'unknown'],
    ['paying, but only for a moment: no flicker', {}, { nowMs: 1400 }, 'sending'],
    ['paying', {}, {}, 'paying'],
    ['paying, found again after a reload', { ageMs: 10 }, { startedAtMs: null }, 'paying'],
    ['the shopper’s time is up', { shopperHasMs: 500 }, {}, 'stopping'],
    ['the server is cancelling', { state: 'cancelling' }, {}, 'stopping'],
    [
      'cancelling, but the wallet can’t be reached',
      { state: 'cancelling', gatewayReachable: false },
      {},
      'unknown'
    ],
    ['unknown', { state: 'unknown' }, {}, 'unknown'],
    ['our own clock refused, while stopping', { state: 'cancelling', remedy: 'shop_fault' }, {}, 'unknown'],
    ['on the desk', { place: 'desk' }, {}, 'unknown'],
    ['no network', {}, { offline: true }, 'offline'],
    ['Till could not write it down', null, { unsaved: true, nowMs: 100 }, 'not_saved'],
    [
      'Till could not write it down, and is not to be reached since',
      null,
      { unsaved: true, offline: true },
      'offline'
    ],
    ['Till could not write it down, but an earlier copy had arrived', {}, { unsaved: true }, 'paying'],
    ['Till can’t say what came of the request', null, { failing: true, nowMs: 100 }, 'unknown'],
    ['Till can’t look it up now', {}, { failing: true }, 'unknown'],
    ['paid, though Till can’t look it up any more', { state: 'succeeded' }, { failing: true }, 'paid'],
    ['stop was pressed', {}, { stopAsked: true }, 'stopping'],
    ['paid', { state: 'succeeded' }, {}, 'paid'],
    ['paid, though the network went just then', { state: 'succeeded' }, { offline: true }, 'paid'],
    ['paid after stop was pressed', { state: 'succeeded' }, { stopAsked: true }, 'paid_after_all'],
    [
      'stop was pressed, and it is on the desk',
      { place: 'desk', state: 'unknown' },
      { stopAsked: true },
      'unknown'
    ],
    ['paid when its time was up', { state: 'succeeded' }, { stopAsked: true, timeUp: true }, 'paid'],
    ['paid after stop, and kept', { state: 'succeeded' }, { stopAsked: true, kept: true }, 'paid'],
    ['cancelled', { state: 'cancelled' }, {}, 'stopped'],
    ['never sent', { state: 'failed', failReason: 'not_sent' }, {}, 'not_sent'],
    ['never received', { state: 'failed', failReason: 'not_received' }, {}, 'stopped'],
    ['declined', { state: 'failed', failReason: 'declined', remedy: 'other_card' }, {}, 'declined'],
    ['paid late', { state: 'paid_late' }, {}, 'late'],
    ['shut before it arrived', { state: 'void', amountMinor: 0 }, {}, 'not_sent'],
    ['not journaled', null, { localEnd: { kind: 'journal_failed' } }, 'journal_failed']
  ])('%s', (_, view, change, state) => {
    expect(screenOf(facts(view, change)).state).toBe(state);
  });

  it('counts down from when the server said it', () => {
    expect(screenOf(facts({ shopperHasMs: 42_000 }, { nowMs: 6000 }))).toMatchObject({ leftMs: 40_000 });
  });

  it('adds the hint about the phone’s internet after 20 s', () => {
    expect(screenOf(facts({}, { nowMs: 19_999 }))).toMatchObject({ slow: false });
    expect(screenOf(facts({}, { nowMs: 20_000 }))).toMatchObject({ slow: true });
  });
});
