/** better-auth, set up for a shop: usernames, passwords, sessions in the ledger's database, and nothing else. */
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { username } from 'better-auth/plugins/username';
import type { Logger } from 'pino';
import type { Ledger } from '$lib/server/ledger/ledger';
import { sessionForPerson } from './take-over';

/** A day behind the counter with a margin; every quarter of an hour of use begins it anew. */
const sessionSeconds = 16 * 60 * 60;
const sessionRenewedAfterSeconds = 15 * 60;

export const minPasswordLength = 8;
export const maxPasswordLength = 128;

/** better-auth wants an address of mail; staff have none here. `.invalid` can never receive any. */
export function internalEmail(name: string): string {
  return `${name}@till.invalid`;
}

export type Auth = ReturnType<typeof createAuth>;

/** How a password is kept, and found to be right. */
export type Passwords = Required<NonNullable<NonNullable<BetterAuthOptions['emailAndPassword']>['password']>>;

/**
 * Sets better-auth up on the ledger's database.
 *
 * @param secret signs the session cookies
 * @param origin the address in the browser: cookies are `Secure` on https only, or nobody could sign in without
 * @param passwords by scrypt, where nothing is said: only tests say something
 */
export function createAuth({
  ledger,
  secret,
  origin,
  log,
  passwords
}: {
  readonly ledger: Ledger;
  readonly secret: string;
  readonly origin: string;
  readonly log: Logger;
  readonly passwords?: Passwords | undefined;
}) {
  const options = {
    appName: 'Till',
    baseURL: origin,
    basePath: '/api/auth',
    secret,
    database: { db: ledger.db, type: ledger.engine },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength,
      maxPasswordLength,
      ...(passwords && { password: passwords })
    },
    plugins: [username({ displayUsername: false }), sessionForPerson()],
    user: {
      modelName: 'auth_users',
      additionalFields: {
        // Never from a request: only the server says who may do what.
        role: { type: ['cashier', 'manager', 'admin'], required: true, input: false, defaultValue: 'cashier' }
      }
    },
    session: {
      modelName: 'auth_sessions',
      expiresIn: sessionSeconds,
      updateAge: sessionRenewedAfterSeconds,
      // A disabled person is out at the next request, not when a cached cookie ends.
      cookieCache: { enabled: false }
    },
    account: { modelName: 'auth_accounts' },
    verification: { modelName: 'auth_verifications' },
    // Tries are counted by ourselves, by address and username: `tries.ts`.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'till',
      useSecureCookies: origin.startsWith('https://'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      // hooks.server.ts checks the origin of every mutating request, stricter than this would.
      disableCSRFCheck: true,
      disableOriginCheck: true,
      ipAddress: { disableIpTracking: true }
    },
    telemetry: { enabled: false },
    logger: {
      // Only its own words: what it was given besides may hold what a person typed.
      log(level, message) {
        if (level === 'error') log.error({ from: 'better-auth' }, message);
        else log.debug({ from: 'better-auth' }, message);
      }
    }
  } satisfies BetterAuthOptions;
  return betterAuth(options);
}

/** Brings better-auth's tables up to date. */
export async function migrateAuth(auth: Auth): Promise<void> {
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
}
