/**
 * While a person stands here whom the server does not know, the browser may still carry somebody else's session. What
 * would be done in that one's name is held back: it is not sent, and says so as the server would.
 */
import type { Api, ApiFailure } from './api';

const notProven: ApiFailure = {
  ok: false,
  problem: {
    type: 'about:blank',
    title: 'Not signed in',
    status: 401,
    code: 'not_signed_in',
    detail:
      'Till knows this cashier by the PIN on this tablet only. Nothing was sent, no money moved. Type the PIN again with a network.'
  },
  status: 401,
  offline: false
};

/** What only reads, or carries a proof of its own. All else is done in somebody's name. */
const letThrough: readonly (keyof Api)[] = [
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
const names: ReadonlySet<string | symbol> = new Set(letThrough);

/** @param isHeld asked at every call */
export function holdBack(api: Api, isHeld: () => boolean): Api {
  return new Proxy(api, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name);
      const isAct = typeof value === 'function' && !names.has(name);
      return isAct && isHeld() ? () => Promise.resolve(notProven) : value;
    }
  });
}
