import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, Evidence } from '../gateway/port';
import { cancelTaken, fault, openEngine, refundSeen, refused, seen, type Engine } from './engine.fixture';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

/** The same answer with the gateway's own code and message. */
function said<Of extends Answer<unknown>>(answer: Of, words: Pick<Evidence, 'code' | 'message'>): Of {
  return { ...answer, evidence: { ...answer.evidence, ...words } };
}

const understood = { code: '0', message: 'success' };

/** What the record says that was heard about one payment or refund, without what people asked for. */
async function heard(subjectId: string) {
  return engine.ledger.db
    .selectFrom('events')
    .select(['what', 'code', 'message'])
    .where('subject_id', '=', subjectId)
    .where('actor', '=', 'gateway')
    .orderBy('id')
    .execute();
}

/** Lets a payment be stopped by its minute, and gives back what was heard of the stop. */
async function heardOfStop(answer: Answer<null>) {
  engine.gateway.submitPayment = async () => seen('', 'paying');
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'paying');
  engine.gateway.cancelPayment = async () => answer;
  const { id } = await engine.pay();
  engine.pass(60_000);
  await engine.turn();
  return (await heard(id)).filter(({ what }) => what.startsWith('cancel_'));
}

describe('the record of a payment', () => {
  test.each([
    ['cancel_accepted', said(cancelTaken, understood), 'success'],
    ['cancel_busy', said(refused('busy'), { code: 'E7', message: 'paying now' }), 'paying now'],
    ['cancel_refused', said(refused('final_refused'), { code: 'E8', message: 'closed' }), 'closed'],
    ['cancel_not_found', said(refused('not_found'), { code: 'E9', message: 'no order' }), 'no order'],
    [
      'cancel_unanswered',
      said(fault('timeout'), { code: null, message: 'after 10 s' }),
      'timeout · after 10 s'
    ],
    ['cancel_unanswered', said(refused('clock'), { code: 'E1', message: 'too old' }), 'clock · too old']
  ] as const)('says of a stop: %s', async (what, answer, message) => {
    expect(await heardOfStop(answer)).toEqual([{ what, code: answer.evidence.code, message }]);
  });

  test('says what fault kept a submit from being answered, beside what was wrong', async () => {
    engine.gateway.submitPayment = async () =>
      said(fault('bad_signature'), { code: null, message: 'signed by another key' });
    const { id } = await engine.pay();
    expect(await heard(id)).toEqual([
      { what: 'submit_unanswered', code: null, message: 'bad_signature · signed by another key' }
    ]);
  });

  test('says in what an answer is about something else, and no "success"', async () => {
    const { id } = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
      said(seen(merchantOrderNo, 'succeeded', { orderAmountMinor: 901 }), understood);
    engine.pass(5000);
    await engine.turn();
    expect((await heard(id)).at(-1)).toEqual({
      what: 'answer_differs',
      code: '0',
      message: 'amount differs'
    });
  });

  test('says the same after its end', async () => {
    engine.gateway.submitPayment = async () => refused('not_created');
    engine.gateway.queryPayment = async () => refused('not_found');
    const { id } = await engine.pay();
    await engine.turn();
    expect((await engine.attempt(id)).state).toBe('failed');
    engine.gateway.queryPayment = async () => said(seen('T-OTHER', 'succeeded'), understood);
    await engine.ledger.db.updateTable('attempts').set({ next_due_at_ms: engine.clock.nowMs }).execute();
    await engine.turn();
    expect((await heard(id)).at(-1)).toMatchObject({ what: 'answer_differs', message: 'number differs' });
  });
});

describe('the record of a refund', () => {
  async function refund(): Promise<string> {
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    const { id } = await engine.pay();
    engine.pass(5000);
    await engine.turn();
    const asked = await engine.giveBack(id, 100);
    if (!asked.ok) throw new Error(asked.detail);
    return asked.row.id;
  }

  test('keeps the kind of fault and what was wrong', async () => {
    const id = await refund();
    engine.gateway.submitRefund = async () =>
      said(fault('broken'), { code: null, message: 'cut off after 12 bytes' });
    await engine.turn();
    expect(await heard(id)).toEqual([
      { what: 'refund_unanswered', code: null, message: 'broken · cut off after 12 bytes' }
    ]);
  });

  test('says that nothing was sent where nothing was', async () => {
    const id = await refund();
    engine.gateway.submitRefund = async () =>
      said(fault('not_sent'), { code: null, message: 'ECONNREFUSED' });
    await engine.turn();
    expect(await heard(id)).toEqual([
      { what: 'nothing_sent', code: null, message: 'not_sent · ECONNREFUSED' }
    ]);
  });

  test('says in what an answer is about something else', async () => {
    const id = await refund();
    await engine.turn();
    engine.gateway.queryRefund = async ({ merchantOrderNo }) =>
      said(refundSeen(merchantOrderNo, 'succeeded', { orderAmountMinor: 99 }), understood);
    engine.pass(5000);
    await engine.turn();
    expect((await heard(id)).at(-1)).toEqual({
      what: 'answer_differs',
      code: '0',
      message: 'amount differs'
    });
  });
});
