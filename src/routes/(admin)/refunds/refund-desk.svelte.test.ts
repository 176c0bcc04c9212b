import { beforeEach, describe, expect, test } from 'vitest';
import { line, opened } from '$lib/order/fixtures';
import type { News } from '$lib/register/change-stream';
import type { ApiResult } from '$lib/register/office-api';
import type { OrderDetail, OrderRow } from '$lib/wire/orders';
import type { ProblemCode } from '$lib/wire/problems';
import type { ProofNeeded, RefundView, RequestRefund } from '$lib/wire/refunds';
import { RefundDesk } from './refund-desk.svelte';

const lineId = 'a'.repeat(32);
const attempt = {
  attemptId: 'attempt-1',
  state: 'succeeded',
  amountMinor: 900,
  currency: 'EUR',
  codeLast4: '0000'
};

function detail(refunds: readonly RefundView[] = []): OrderDetail {
  const events = [opened(), line(lineId, 300, 3)];
  return {
    orderId: 'order-1',
    number: 'T1-0042',
    currency: 'EUR',
    events,
    attempts: [attempt],
    refunds
  } as unknown as OrderDetail;
}

function view(request: RequestRefund, state: RefundView['state'] = 'submitted'): RefundView {
  return { ...request, state, version: 1, createdAt: '', endedAt: null } as unknown as RefundView;
}

function refused(code: ProblemCode): ApiResult<never> {
  const problem = { type: '', title: '', status: 409, code, detail: `because of ${code}` };
  return { ok: false, problem, status: 409, offline: false };
}
const noAnswer: ApiResult<never> = { ok: false, problem: null, status: null, offline: true };

/** A server that answers as it is told, and remembers what it was asked. */
let asked: RequestRefund[];
let answers: ((request: RequestRefund) => ApiResult<RefundView> | Promise<ApiResult<RefundView>>)[];
let stored: RefundView[];
let needs: ProofNeeded;
/** What "Try again now" is answered with. */
let wished: ApiResult<RefundView>;
let desk: RefundDesk;
let ids: number;
/** The stream of changes. */
let tell: (news: News) => void;

beforeEach(async () => {
  asked = [];
  answers = [];
  stored = [];
  needs = 'password';
  wished = noAnswer;
  ids = 0;
  desk = new RefundDesk({
    api: {
      find: async (text) =>
        text.startsWith('28')
          ? { ok: false, secret: true }
          : { ok: true, value: [{ orderId: 'order-1' } as OrderRow] },
      order: async () => ({ ok: true, value: detail(stored) }),
      proofFor: async () => ({ ok: true, value: needs }),
      requestRefund: async (request) => {
        asked.push(request);
        const answer = answers.shift();
        return answer === undefined ? { ok: true, value: view(request) } : answer(request);
      },
      // The track is another thing: this one never moves on.
      refund: () => new Promise(() => undefined),
      askRefund: async () => wished
    },
    changes: {
      live: false,
      subscribe(listener) {
        tell = listener;
        return () => undefined;
      }
    },
    heard: (answer) => answer,
    clock: { now: () => 0, monotonic: () => 0, after: () => () => undefined },
    newId: () => `refund-${++ids}`,
    locale: 'en'
  });
  await desk.find('T1-0042');
});

function chooseOne(): void {
  const [first] = desk.lines;
  if (first === undefined) throw new Error('no line');
  desk.choose(first, 1);
  desk.reason = 'Broken';
  desk.confirm();
}

describe('a wish to try again', () => {
  const request = { refundId: 'refund-1', attemptId: 'attempt-1' } as RequestRefund;

  test('shows when it will be carried out, and nothing older than what was seen since', async () => {
    answers = [(sent) => ({ ok: true, value: { ...view(sent, 'waiting_funds'), version: 7 } })];
    chooseOne();
    await desk.send({ password: 'training' });
    const waiting = view(request, 'waiting_funds');
    wished = { ok: true, value: { ...waiting, version: 6, nextAskInMs: 1000 } };
    await desk.ask();
    expect(desk.track?.version).toBe(7);
    wished = { ok: true, value: { ...waiting, version: 7, nextAskInMs: 55_000 } };
    await desk.ask();
    expect(desk.track).toMatchObject({ version: 7, nextAskInMs: 55_000 });
  });
});

describe('a refund is sent', () => {
  test('only after something was chosen, a reason was given and the password was asked for', async () => {
    desk.confirm();
    expect(desk.confirming).toBeNull();
    await desk.send({ password: 'training' });
    expect(asked).toEqual([]);
    chooseOne();
    expect(desk.confirming).toEqual({ kind: 'asking' });
    await desk.send({ password: 'training' });
    expect(asked).toMatchObject([
      { attemptId: 'attempt-1', amountMinor: 300, reason: 'Broken', lines: [{ lineId, quantity: 1 }] }
    ]);
    expect(desk.track?.refundId).toBe('refund-1');
  });

  test('with what the server wants typed for it; where five minutes ran out, it only asks again', async () => {
    needs = 'nothing';
    answers.push(() => refused('proof_needed'));
    chooseOne();
    expect(desk.needs).toBeNull();
    await expect.poll(() => desk.needs).toBe('nothing');
    needs = 'pin';
    await desk.send({});
    expect(desk.confirming).toEqual({ kind: 'asking' });
    expect(desk.needs).toBe('pin');
    await desk.send({ pin: '471100' });
    expect(asked.map(({ refundId, pin }) => [refundId, pin])).toEqual([
      ['refund-1', undefined],
      ['refund-1', '471100']
    ]);
    expect(desk.track?.refundId).toBe('refund-1');
  });

  test('once, however often the button is pressed', async () => {
    chooseOne();
    await Promise.all([
      desk.send({ password: 'training' }),
      desk.send({ password: 'training' }),
      desk.send({ password: 'training' })
    ]);
    expect(asked).toHaveLength(1);
  });

  test('again with the same id and contents when no answer came, and nothing can be changed meanwhile', async () => {
    answers.push(() => noAnswer);
    chooseOne();
    await desk.send({ password: 'training' });
    expect(desk.confirming).toEqual({ kind: 'unanswered' });
    expect(desk.locked).toBe(true);
    desk.chooseAll(true);
    desk.notNow();
    desk.confirm();
    await desk.send({ password: 'training' });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
    expect(desk.locked).toBe(false);
  });

  test.each([
    ['storage_failed', 503, 'not_saved'],
    ['server_error', 500, 'unanswered']
  ] as const)('again with the same id where Till could not: %s is no “no”', async (code, status, kind) => {
    const problem = { type: '', title: '', status, code, detail: '' };
    answers.push(() => ({ ok: false, problem, status, offline: false }));
    chooseOne();
    await desk.send({ password: 'training' });
    expect(desk.confirming).toEqual({ kind });
    await desk.send({ password: 'training' });
    expect(asked[1]).toEqual(asked[0]);
  });

  test('with the same id after a wrong password, and with a new one after the server said no', async () => {
    answers.push(
      () => refused('wrong_password'),
      () => refused('refund_too_high')
    );
    chooseOne();
    await desk.send({ password: 'guess' });
    expect(desk.confirming).toEqual({ kind: 'wrong_password', detail: 'because of wrong_password' });
    await desk.send({ password: 'training' });
    expect(desk.confirming).toEqual({ kind: 'refused', detail: 'because of refund_too_high' });
    await desk.send({ password: 'training' });
    expect(asked.map(({ refundId }) => refundId)).toEqual(['refund-1', 'refund-1', 'refund-2']);
  });
});

describe('the amount', () => {
  test('is never more than can still go back', () => {
    desk.mode = 'amount';
    for (const [text, expected] of [
      ['', { ok: false, why: 'nothing' }],
      ['abc', { ok: false, why: 'not_an_amount' }],
      ['0', { ok: false, why: 'not_an_amount' }],
      ['9.01', { ok: false, why: 'too_high' }],
      ['9.00', { ok: true, minor: 900, cappedFromMinor: null }]
    ] as const) {
      desk.amountText = text;
      expect(desk.amount, text).toEqual(expected);
    }
  });

  test('of all lines is capped where an amount without lines went back before', async () => {
    stored = [
      { attemptId: 'attempt-1', state: 'succeeded', amountMinor: 250, lines: [] } as unknown as RefundView
    ];
    await desk.open('order-1');
    desk.chooseAll(true);
    expect(desk.amount).toEqual({ ok: true, minor: 650, cappedFromMinor: 900 });
  });
});

test('what another admin gives back on the same order is shown at once', async () => {
  desk.start();
  expect(desk.source?.leftMinor).toBe(900);
  stored = [
    { attemptId: 'attempt-1', state: 'submitted', amountMinor: 250, lines: [] } as unknown as RefundView
  ];
  tell({ kind: 'change', change: { kind: 'order', id: 'another', version: null } });
  await Promise.resolve();
  expect(desk.source?.leftMinor).toBe(900);
  tell({ kind: 'change', change: { kind: 'order', id: 'order-1', version: null } });
  await expect.poll(() => desk.source?.leftMinor).toBe(650);
});

test('a payment code is neither looked up nor shown', async () => {
  await desk.find('287763443825664394');
  expect(desk.found).toEqual({ kind: 'secret' });
  expect(JSON.stringify(desk.found)).not.toContain('2877');
});
