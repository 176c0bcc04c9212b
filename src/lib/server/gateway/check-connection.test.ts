import { describe, expect, test } from 'vitest';
import { checkConnection, type ConnectionCheck } from './check-connection';
import type { Answer, CallFault, CodeClass, Evidence, PaymentFacts } from './port';

const nowMs = Date.UTC(2026, 10, 23, 10, 0, 0);

function evidence(over: Partial<Evidence> = {}): Evidence {
  return {
    method: 'order.query',
    psn: null,
    code: null,
    message: null,
    rawSha256: null,
    httpStatus: 200,
    gatewayDate: new Date(nowMs).toISOString(),
    durationMs: 100,
    ...over
  };
}

function check(answer: Answer<PaymentFacts>): Promise<ConnectionCheck> {
  return checkConnection({ gateway: { queryPayment: () => Promise.resolve(answer) }, now: () => nowMs });
}
function refused(codeClass: Exclude<CodeClass, 'ok'>, over: Partial<Evidence> = {}) {
  return check({ kind: 'refused', codeClass, evidence: evidence(over) });
}
function fault(name: CallFault, over: Partial<Evidence> = {}) {
  return check({ kind: 'fault', fault: name, evidence: evidence(over) });
}

describe('the connection check', () => {
  test('is good where the gateway says that it knows no such number', async () => {
    const found = await refused('not_found');
    expect(found.ok).toBe(true);
    expect(Object.values(found.steps)).toEqual(['good', 'good', 'good', 'good', 'good']);
    expect(found.words).toMatch(/^All is well/);
  });

  test.each([
    [
      refused('clock', { gatewayDate: '2026-11-23T10:20:00.000Z' }),
      'clock',
      /20 minutes behind.*automatic time/
    ],
    [refused('signature'), 'our_signature', /public key.*this very app id/],
    [refused('merchant'), 'merchant', /app id with this merchant number/],
    [
      fault('not_sent', { message: 'ENOTFOUND' }),
      'reach',
      /can't be reached \(ENOTFOUND\).*CODEPAY_GATEWAY_URL/
    ],
    [fault('timeout'), 'reach', /did not answer in time/],
    [fault('broken', { httpStatus: 404 }), 'reach', /not the gateway \(HTTP 404\)/],
    [fault('unsigned'), 'their_signature', /without a signature/],
    [fault('bad_signature'), 'their_signature', /gateway's public key/]
  ] as const)('says what is wrong and what to do: case %#', async (asked, step, words) => {
    const found = await asked;
    expect(found.ok).toBe(false);
    expect(found.steps[step]).toBe('bad');
    expect(found.words).toMatch(words);
  });

  test('does not claim what a code that no table explains does not prove', async () => {
    const found = await refused('unknown_code', { code: 'E9', message: 'order not exist' });
    expect(found).toMatchObject({ ok: true, steps: { our_signature: 'unclear', merchant: 'unclear' } });
    expect(found.words).toContain('E9: “order not exist”');
  });

  test('warns of a clock that is still accepted but runs away', async () => {
    const found = await refused('not_found', { gatewayDate: '2026-11-23T09:55:00.000Z' });
    expect(found).toMatchObject({ ok: false, steps: { clock: 'bad', merchant: 'good' } });
    expect(found.words).toContain('5 minutes ahead');
  });

  test('asks about a number of the gateway’s form that is another one each time', async () => {
    const asked: string[] = [];
    const gateway = {
      queryPayment: ({ merchantOrderNo }: { merchantOrderNo: string }) => {
        asked.push(merchantOrderNo);
        return Promise.resolve({ kind: 'fault', fault: 'timeout', evidence: evidence() } as const);
      }
    };
    await checkConnection({ gateway, now: () => nowMs });
    await checkConnection({ gateway, now: () => nowMs });
    expect(new Set(asked).size).toBe(2);
    for (const number of asked) expect(number).toMatch(/^T[0-9A-Z]{26}$/);
  });
});
