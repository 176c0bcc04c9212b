/**
 * What this register keeps of PINs, so that a cashier can be named without a network: PBKDF2 with a salt and many rounds,
 * then an HMAC under a key that the browser uses and never shows. Set where the server has just found a PIN right; gone
 * when the server says that the PIN changed, or ten wrong ones came in a row. The PIN itself is kept nowhere.
 */
import * as v from 'valibot';
import type { Kept } from '$lib/journal/kept';
import type { PersonHere } from '$lib/wire/people';
import type { NamedPerson } from './cashier.svelte';
import type { Clock } from './ports';

export type OfflinePinCheck =
  | { readonly ok: true; readonly person: NamedPerson }
  | { readonly ok: false; readonly reason: 'wrong_pin' }
  | { readonly ok: false; readonly reason: 'too_many_tries'; readonly waitMs: number }
  /** Nothing is known of them here (any more): they need the network. */
  | { readonly ok: false; readonly reason: 'not_known' };

export interface OfflinePins {
  /** Who can be named here, by name. */
  people(): Promise<readonly NamedPerson[]>;
  /** @param setAtMs when the PIN was set, as the server says it */
  remember(of: {
    readonly person: NamedPerson;
    readonly pin: string;
    readonly setAtMs: number;
  }): Promise<void>;
  /** Counts the try before it looks. */
  check(of: { readonly staffId: string; readonly pin: string }): Promise<OfflinePinCheck>;
  /** Forgets whom the server does not name any more, and whose PIN was set since. */
  keepOnly(people: readonly PersonHere[]): Promise<void>;
}

/** OWASP's figure for PBKDF2 with SHA-256; about a third of a second on a small machine. */
const rounds = 600_000;
/** Wrong ones of a person in a row: as slow as at the server, and after the last one the person is not known any more. */
const delaysMs = [0, 0, 0, 5_000, 15_000, 60_000, 300_000, 900_000, 900_000, 900_000] as const;
/** All wrong ones at this register in a row: nobody goes through the whole staff. */
const freeTries = 10;
const registerDelayMs = 300_000;
/** Without a word from the server for so long nobody is known here. */
const goodForMs = 30 * 24 * 60 * 60 * 1000;

const personSchema = v.object({
  staffId: v.string(),
  name: v.string(),
  setAtMs: v.number(),
  salt: v.instance(Uint8Array<ArrayBuffer>),
  rounds: v.number(),
  digest: v.instance(Uint8Array<ArrayBuffer>),
  /** When the server last said that this PIN is good. */
  saidAtMs: v.number(),
  failures: v.number(),
  blockedUntilMs: v.number()
});
const recordSchema = v.object({
  registerId: v.string(),
  key: v.instance(CryptoKey),
  failures: v.number(),
  blockedUntilMs: v.number(),
  people: v.array(personSchema),
  /** The time that all of this is measured by: it goes with the device's clock and its timers, and never back. */
  ownMs: v.optional(v.number(), 0),
  /** The device's clock when that was said. */
  clockMs: v.optional(v.number(), 0)
});
type PersonRecord = v.InferOutput<typeof personSchema>;
type PinRecord = v.InferOutput<typeof recordSchema>;

/**
 * @param registerId what is kept belongs to this register: as another one the browser knows nobody
 * @param costRounds fewer for tests
 */
export function createOfflinePins({
  kept,
  clock,
  registerId,
  costRounds = rounds
}: {
  readonly kept: Kept;
  readonly clock: Clock;
  readonly registerId: string;
  readonly costRounds?: number;
}): OfflinePins {
  // one after the other: two tries at the same time are two tries
  let line: Promise<unknown> = Promise.resolve();
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = line.then(work);
    line = turn.catch(() => undefined);
    return turn;
  }

  /** Where the own time stood when it was looked at last in this page. */
  let stood = { ownMs: 0, monotonicMs: clock.monotonic() };

  function own(read: unknown): PinRecord | null {
    const record = v.safeParse(recordSchema, read);
    return record.success && record.output.registerId === registerId ? record.output : null;
  }
  /** What is kept, with the own time of now. */
  async function read(): Promise<PinRecord | null> {
    const record = own(await kept.read('offlinePins'));
    if (record === null) return null;
    const [clockMs, monotonicMs] = [clock.now(), clock.monotonic()];
    const ownMs = Math.max(
      record.ownMs + Math.max(0, clockMs - record.clockMs),
      stood.ownMs + monotonicMs - stood.monotonicMs
    );
    stood = { ownMs, monotonicMs };
    return { ...record, ownMs, clockMs };
  }
  /** How far the time has come must outlive this page. Nothing else: another tab may have written since. */
  async function keepTime({ ownMs, clockMs }: PinRecord): Promise<void> {
    const set = (before: unknown): unknown => {
      const record = own(before);
      return record === null ? before : { ...record, ownMs: Math.max(record.ownMs, ownMs), clockMs };
    };
    // a full disk makes nobody unknown
    await kept.change('offlinePins', set).catch(() => undefined);
  }
  const write = (record: PinRecord) => kept.write('offlinePins', record);

  return {
    people: () =>
      inLine(async () => {
        const record = await read();
        if (record === null) return [];
        await keepTime(record);
        return record.people
          .filter((person) => isGood(person, record))
          .map(({ staffId, name }) => ({ staffId, name }))
          .toSorted((one, other) => one.name.localeCompare(other.name));
      }),

    remember: ({ person, pin, setAtMs }) =>
      inLine(async () => {
        const record = (await read()) ?? {
          registerId,
          key: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
          failures: 0,
          blockedUntilMs: 0,
          people: [],
          ownMs: clock.now(),
          clockMs: clock.now()
        };
        const salt = crypto.getRandomValues(new Uint8Array(16));
        const digest = await digestOf({ pin, salt, rounds: costRounds, key: record.key });
        const known: PersonRecord = {
          staffId: person.staffId,
          name: person.name,
          setAtMs,
          salt,
          rounds: costRounds,
          digest,
          saidAtMs: record.ownMs,
          failures: 0,
          blockedUntilMs: 0
        };
        const others = record.people.filter(({ staffId }) => staffId !== person.staffId);
        await write({ ...record, people: [...others, known] });
      }),

    check: ({ staffId, pin }) =>
      inLine(async (): Promise<OfflinePinCheck> => {
        const record = await read();
        const person = record?.people.find((one) => one.staffId === staffId);
        if (record === null || person === undefined || !isGood(person, record)) {
          return { ok: false, reason: 'not_known' };
        }
        const waitMs = Math.max(waitOf(person, record), waitOf(record, record));
        if (waitMs > 0) return { ok: false, reason: 'too_many_tries', waitMs };
        const others = record.people.filter((one) => one.staffId !== staffId);
        const tried = counted({ record, person, others });
        await write(tried);
        const digest = await digestOf({ ...person, pin, key: record.key });
        if (!isSame(digest, person.digest)) return { ok: false, reason: 'wrong_pin' };
        await write({
          ...record,
          failures: 0,
          blockedUntilMs: 0,
          people: [...others, { ...person, failures: 0, blockedUntilMs: 0 }]
        });
        return { ok: true, person: { staffId: person.staffId, name: person.name } };
      }),

    keepOnly: (people) =>
      inLine(async () => {
        const record = await read();
        if (record === null) return;
        const still = record.people.flatMap((known) => {
          const said = people.find(({ staffId }) => staffId === known.staffId);
          if (said === undefined || said.pinSetAtMs !== known.setAtMs) return [];
          return [{ ...known, name: said.name, saidAtMs: record.ownMs }];
        });
        await write({ ...record, people: still });
      })
  };
}

/** The record with one more wrong try; the tenth in a row takes the person out of it. */
function counted({
  record,
  person,
  others
}: {
  readonly record: PinRecord;
  readonly person: PersonRecord;
  readonly others: readonly PersonRecord[];
}): PinRecord {
  const failures = person.failures + 1;
  const all = record.failures + 1;
  const delayMs = delaysMs[failures];
  return {
    ...record,
    failures: all,
    blockedUntilMs: all < freeTries ? 0 : record.ownMs + registerDelayMs,
    people:
      delayMs === undefined
        ? [...others]
        : [...others, { ...person, failures, blockedUntilMs: record.ownMs + delayMs }]
  };
}

function isGood({ saidAtMs }: PersonRecord, { ownMs }: PinRecord): boolean {
  return ownMs - saidAtMs < goodForMs;
}

function waitOf({ blockedUntilMs }: { readonly blockedUntilMs: number }, { ownMs }: PinRecord): number {
  return Math.max(0, blockedUntilMs - ownMs);
}

async function digestOf({
  pin,
  salt,
  rounds: iterations,
  key
}: {
  readonly pin: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
  readonly key: CryptoKey;
}): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto;
  const typed = await subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const slow = await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, typed, 256);
  return new Uint8Array(await subtle.sign('HMAC', key, slow));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
