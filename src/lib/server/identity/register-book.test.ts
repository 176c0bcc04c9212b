import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { createRegisterBook, type RegisterBook } from './register-book';
import { createRegisterDesk, type RegisterDesk } from './registers';

const by = 'Max Weber';
const minuteMs = 60_000;

let ledger: Ledger;
let nowMs: number;
let desk: RegisterDesk;
let book: RegisterBook;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 23, 9);
  ledger = await openLedger({ path: ':memory:', now: () => nowMs });
  desk = createRegisterDesk({ ledger });
  book = createRegisterBook({ ledger });
});
afterEach(() => ledger.close());

async function enrolled() {
  const enrolment = await desk.enrol({ name: 'Front', registerId: null, by });
  if (enrolment === null) throw new Error('not enrolled');
  return enrolment;
}

async function codeFor(registerId: string): Promise<string> {
  const made = await book.makeCode({ registerId, by });
  if (made === null) throw new Error('no code');
  return made.code;
}

const use = (code: string, epochAbove = 0) => desk.enrolByCode({ code, by: 'Rosa', epochAbove });

describe('a code', () => {
  it('makes a browser the same register with a new epoch, once, however it is typed', async () => {
    const { register } = await enrolled();
    const code = await codeFor(register.registerId);
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const again = await use(` ${code.toLowerCase().replace('-', ' ')} `);
    expect(again?.register).toMatchObject({ registerId: register.registerId, code: 'T1', epoch: 2 });
    expect(await use(code)).toBeNull();
  });

  it('is good for a quarter of an hour, and not beside a newer one', async () => {
    const { register } = await enrolled();
    const old = await codeFor(register.registerId);
    const code = await codeFor(register.registerId);
    expect(await use(old)).toBeNull();
    nowMs += 15 * minuteMs;
    expect(await use(code)).toBeNull();
  });

  it('lies above every epoch that the browser knows', async () => {
    const { register } = await enrolled();
    const again = await use(await codeFor(register.registerId), 7);
    expect(again?.register.epoch).toBe(8);
  });

  it('is made for no register that is not there', async () => {
    expect(await book.makeCode({ registerId: 'none', by })).toBeNull();
  });
});

describe('a browser that was replaced', () => {
  it('is no register any more, and may hand in its own journal', async () => {
    const first = await enrolled();
    const { registerId } = first.register;
    const second = await use(await codeFor(registerId));
    expect(await desk.findByToken(first.token)).toBeNull();
    expect(await desk.findJournalSender(first.token)).toEqual({
      registerId,
      code: 'T1',
      epoch: 1,
      current: false
    });
    expect(await desk.findJournalSender(second?.token ?? '')).toMatchObject({ epoch: 2, current: true });
    expect(await desk.findJournalSender('nonsense')).toBeNull();
  });
});

describe('the list', () => {
  it('says of each when it was seen and enrolled, and by whom', async () => {
    const { register } = await enrolled();
    await desk.enrol({ name: null, registerId: null, by });
    expect((await book.list()).map(({ code, lastSeenAt }) => [code, lastSeenAt])).toEqual([
      ['T1', null],
      ['T2', null]
    ]);
    nowMs += minuteMs;
    await book.seen(register.registerId);
    await use(await codeFor(register.registerId));
    const [first] = await book.list();
    expect(first).toMatchObject({
      epoch: 2,
      lastSeenAt: new Date(nowMs).toISOString(),
      enrolledAt: new Date(nowMs).toISOString(),
      enrolledBy: by,
      waiting: 0,
      stopped: false,
      retiredAt: null
    });
  });

  it('takes another name, and the numbers keep their code', async () => {
    const { register } = await enrolled();
    expect(await book.rename({ registerId: register.registerId, name: 'Bar', by })).toBe(true);
    expect((await book.list())[0]).toMatchObject({ name: 'Bar', code: 'T1' });
    expect(await book.rename({ registerId: 'none', name: 'Bar', by })).toBe(false);
  });

  it('keeps a retired register, which no browser can be; what it still holds is taken', async () => {
    const { register, token } = await enrolled();
    const { registerId } = register;
    const code = await codeFor(registerId);
    expect(await book.retire({ registerId, by })).toBe(true);
    expect(await book.retire({ registerId, by })).toBe(false);
    expect((await book.list())[0]?.retiredAt).not.toBeNull();
    expect(await desk.findByToken(token)).toBeNull();
    expect(await desk.findJournalSender(token)).toMatchObject({ current: false });
    expect(await use(code)).toBeNull();
    expect(await desk.enrol({ name: null, registerId, by })).toBeNull();
  });

  it('says in the record who did what', async () => {
    const { register } = await enrolled();
    await use(await codeFor(register.registerId));
    await book.rename({ registerId: register.registerId, name: 'Bar', by });
    const events = await ledger.db.selectFrom('events').select(['what', 'actor']).orderBy('id').execute();
    expect(events).toEqual([
      { what: 'register_enrolled', actor: by },
      { what: 'register_code_made', actor: by },
      { what: 'register_enrolled', actor: 'Rosa' },
      { what: 'register_renamed', actor: by }
    ]);
  });
});
