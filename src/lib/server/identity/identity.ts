/** Who is there: people, registers, and the first run. Put together once, at start. */
import type { Logger } from 'pino';
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Mode } from '$lib/wire/basics';
import { createAuth, migrateAuth, type Passwords } from './auth';
import { createBadges } from './badges';
import { createFirstRun, type FirstRun } from './first-run';
import { createPeople, type People } from './people';
import { createPins } from './pins';
import { createRegisterDesk, type RegisterDesk } from './registers';
import { deriveKey } from './secret';
import { createStepUps, type StepUps } from './step-up';
import { carryStaff, type CarriedStaff } from './carry-staff';
import { createStaffDirectory, type NewStaff, type StaffDirectory } from './staff';
import { createRegisterBook, type RegisterBook } from './register-book';
import { createTryLimit, type TryLimit } from './tries';

const triesPerMinute = 10;
const minuteMs = 60_000;

/** Training only: everybody may know these. */
export const demoStaff: readonly NewStaff[] = [
  { username: 'cashier', name: 'Rosa Marin', role: 'cashier', password: 'training' },
  { username: 'manager', name: 'Max Weber', role: 'manager', password: 'training' },
  { username: 'admin', name: 'Ada Okafor', role: 'admin', password: 'training' }
];

export interface Identity {
  readonly staff: StaffDirectory;
  readonly people: People;
  /** Proving again who one is, before money goes back. */
  readonly stepUps: StepUps;
  readonly registers: RegisterDesk;
  /** The list of them, their codes and names. */
  readonly registerBook: RegisterBook;
  /** Of enrolment codes typed in, by who is signed in. */
  readonly codeLimit: TryLimit;
  /** People who were added in training come along; the demo people never. */
  readonly carryStaff: (from: { readonly training: Ledger; readonly by: string }) => Promise<CarriedStaff>;
  /** The one-time link of a live shop without users; null otherwise. */
  readonly firstRun: FirstRun | null;
}

/**
 * Opens identity on the ledger's database: brings its tables up to date, makes the demo people in training.
 *
 * @param secret signs the session cookies
 * @param nowMs monotonic milliseconds, for the limits on tries
 * @param passwords by scrypt, where nothing is said: only tests say something
 */
export async function openIdentity({
  ledger,
  mode,
  origin,
  secret,
  log,
  nowMs = () => performance.now(),
  passwords
}: {
  readonly ledger: Ledger;
  readonly mode: Mode;
  readonly origin: string;
  readonly secret: string;
  readonly log: Logger;
  readonly nowMs?: () => number;
  readonly passwords?: Passwords;
}): Promise<Identity> {
  const auth = createAuth({ ledger, secret, origin, log, passwords });
  await migrateAuth(auth);
  const limits = { most: triesPerMinute, windowMs: minuteMs, nowMs };
  const pins = createPins({ ledger, key: deriveKey({ secret, purpose: 'pins' }) });
  const badges = createBadges({ ledger, key: deriveKey({ secret, purpose: 'badges' }) });
  const staff = createStaffDirectory({
    auth,
    ledger,
    pins,
    badges,
    signInLimit: createTryLimit(limits),
    verifyLimit: createTryLimit(limits)
  });
  if (mode === 'training') {
    await Promise.all(
      demoStaff.map(async (person) => {
        if (!(await staff.isTaken(person.username))) await staff.create(person);
      })
    );
  }
  const firstRun =
    mode === 'live' && (await staff.count()) === 0 ? createFirstRun({ origin, ledger, staff }) : null;
  return {
    staff,
    people: createPeople({ auth, ledger, pins, badges, directory: staff }),
    stepUps: createStepUps({ ledger, directory: staff, pins }),
    carryStaff: ({ training, by }) =>
      carryStaff({
        training,
        ledger,
        auth,
        by,
        notThese: demoStaff.map(({ username }) => username)
      }),
    registers: createRegisterDesk({ ledger }),
    registerBook: createRegisterBook({ ledger }),
    codeLimit: createTryLimit(limits),
    firstRun
  };
}
