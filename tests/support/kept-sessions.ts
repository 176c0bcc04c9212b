/**
 * Sessions that a worker's tests use one after the other: the hash of a password costs the server more than anything else
 * that most tests ask of it. None is in two browsers at once, and none goes on that a test left otherwise than it was made:
 * ended, taken over, of somebody disabled, or with a password or PIN proven by it.
 */
import type { Cookie, Page } from '@playwright/test';
import type { Till } from './till-server.ts';

/** The sessions of one worker. */
export interface KeptSessions {
  /** Signs somebody in where nobody is. */
  readonly signIn: (page: Page, username: string) => Promise<void>;
  /** The test is over, and its pages are gone. */
  readonly release: () => void;
}

interface KeptSession {
  readonly username: string;
  readonly cookie: Cookie;
}

/** So its name ends: over https it begins with `__Secure-`. */
const sessionCookie = 'till.session_token';

/** The person's, and with nothing proven. */
const asMade = `SELECT 1 FROM auth_sessions s JOIN auth_users u ON u.id = s.userId
  WHERE s.token = ? AND u.username = ?
  AND s.id NOT IN (SELECT session_id FROM step_ups)
  AND u.id NOT IN (SELECT staff_id FROM disabled_staff)`;

/** @param signIn how a session is made */
export function createKeptSessions(
  till: Till,
  signIn: (page: Page, username: string) => Promise<void>
): KeptSessions {
  let free: KeptSession[] = [];
  let taken: KeptSession[] = [];

  function isAsMade({ cookie, username }: KeptSession): boolean {
    const [token = ''] = decodeURIComponent(cookie.value).split('.');
    return till.ledger(asMade, token, username).length === 1;
  }

  return {
    async signIn(page, username) {
      free = free.filter(isAsMade);
      const known = free.find((session) => session.username === username);
      if (known !== undefined) {
        free = free.filter((session) => session !== known);
        taken.push(known);
        await page.context().addCookies([known.cookie]);
        return;
      }
      await signIn(page, username);
      const cookies = await page.context().cookies(till.baseURL);
      const cookie = cookies.find(({ name }) => name.endsWith(sessionCookie));
      if (cookie === undefined) throw new Error(`signing ${username} in left no session`);
      taken.push({ username, cookie });
    },
    release() {
      free = [...free, ...taken];
      taken = [];
    }
  };
}
