import { describe, expect, it } from 'vitest';
import type { ConnectionCheckView } from '$lib/wire/settings';
import { createOpeningDesk } from './opening';

const good: ConnectionCheckView = {
  ok: true,
  steps: { reach: 'good', their_signature: 'good', clock: 'good', our_signature: 'good', merchant: 'good' },
  words: '',
  address: 'https://gateway.example',
  training: false,
  at: '2026-11-25T08:00:00.000Z',
  clockOffMs: 400,
  code: null,
  message: null,
  psn: null
};
const nowMs = Date.parse(good.at);

function found(steps: Partial<ConnectionCheckView['steps']>): ConnectionCheckView {
  return { ...good, ok: false, steps: { ...good.steps, ...steps } };
}

function desk(answers: readonly ConnectionCheckView[]) {
  let asked = 0;
  let monotonic = 0;
  const read = createOpeningDesk({
    ask: () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return answer === undefined ? Promise.reject(new Error('broke')) : Promise.resolve(answer);
    },
    now: () => nowMs,
    monotonicNow: () => monotonic
  });
  return { read, asked: () => asked, pass: (ms: number) => (monotonic += ms) };
}

describe('what the opening check asks', () => {
  it("is the server's clock, and whether the gateway understands this shop", async () => {
    expect(await desk([good]).read()).toEqual({ nowMs, gateway: 'ok', gatewayClockOffMs: 400 });
  });

  it.each([
    [
      'unreachable',
      { reach: 'bad', their_signature: 'unclear', our_signature: 'unclear', merchant: 'unclear' }
    ],
    ['refused', { their_signature: 'bad', our_signature: 'unclear', merchant: 'unclear' }],
    ['refused', { our_signature: 'bad', merchant: 'unclear' }],
    ['refused', { our_signature: 'unclear', merchant: 'bad' }],
    ['refused', { clock: 'bad', our_signature: 'unclear', merchant: 'unclear' }],
    ['ok', { clock: 'bad' }]
  ] as const)('calls the gateway %s by what the connection check found: %o', async (word, steps) => {
    expect((await desk([found(steps)]).read()).gateway).toBe(word);
  });

  it('asks the gateway once for all tills that open at the same time, and again a quarter of a minute later', async () => {
    const { read, asked, pass } = desk([good, found({ our_signature: 'bad' })]);
    await Promise.all([read(), read(), read()]);
    pass(14_000);
    expect((await read()).gateway).toBe('ok');
    expect(asked()).toBe(1);
    pass(2_000);
    expect((await read()).gateway).toBe('refused');
    expect(asked()).toBe(2);
  });

  it('keeps no failure: who asks after it asks the gateway again', async () => {
    const { read, asked } = desk([]);
    await expect(read()).rejects.toThrow('broke');
    await expect(read()).rejects.toThrow('broke');
    expect(asked()).toBe(2);
  });
});
