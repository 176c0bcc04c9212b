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

const acts: readonly (keyof Api)[] = [
  'setAside',
  'enrol',
  'requestPayment',
  'cancelPayment',
  'askPayment',
  'voidPayment',
  'storeOrder',
  'addNow',
  'moveCash',
  'enrolJournalKey'
];
const names: ReadonlySet<string | symbol> = new Set(acts);

/** @param isHeld asked at every call */
export function holdBack(api: Api, isHeld: () => boolean): Api {
  return new Proxy(api, {
    get(target, name): unknown {
      if (names.has(name) && isHeld()) return () => Promise.resolve(notProven);
      return Reflect.get(target, name);
    }
  });
}
