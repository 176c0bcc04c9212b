import { expect, it } from 'vitest';
import { fakeServer } from './fakes';
import { holdBack } from './hold-back';

const reads = [
  'session',
  'catalogue',
  'signIn',
  'signOut',
  'peopleHere',
  'takeOver',
  'takeOverByBadge',
  'payment',
  'openPayments',
  'journalKeys'
];

it('what would be done in the name of somebody else is held back, whatever there is to do; reading is not', () => {
  const server = fakeServer();
  let isHeld = true;
  const api = holdBack(server, () => isHeld);
  const calls = Object.entries(server).filter(
    ([name, own]) => typeof own === 'function' && name !== 'put' && name !== 'move' && name !== 'onRequest'
  );
  const through = () => calls.filter(([name, own]) => Reflect.get(api, name) === own).map(([name]) => name);
  expect(through().toSorted()).toEqual(reads.toSorted());
  isHeld = false;
  expect(through()).toHaveLength(calls.length);
});

it('a till is not enrolled by a code in the name of a session that is not the cashier’s', async () => {
  const api = holdBack(fakeServer(), () => true);
  expect(await api.enrolByCode({ code: 'x', epochAbove: 0 })).toMatchObject({
    ok: false,
    problem: { code: 'not_signed_in' }
  });
});
