import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { problemCodes, problemSchema } from '$lib/wire/problems';
import { epochSchema } from '$lib/wire/basics';
import { problem, readBody, statusOf, wordsOf } from './problem';

const schema = v.object({
  paymentCode: v.pipe(v.string(), v.regex(/^\d+$/)),
  lines: v.array(v.object({ quantity: v.number() }))
});

function post(body: string): Request {
  return new Request('http://till.test/', { method: 'POST', body });
}

describe('problem', () => {
  it.each(problemCodes)('%s is a problem document with a status and words for people', async (code) => {
    const response = problem({ code });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const body = v.parse(problemSchema, await response.json());
    expect(body).toMatchObject({ code, status: statusOf(code), detail: wordsOf(code) });
    expect(body.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBe(body.status);
  });

  it('carries what a program needs besides', async () => {
    const response = problem({ code: 'order_busy', detail: 'Held by T2.', extra: { heldBy: 'T2' } });
    expect(await response.json()).toMatchObject({ detail: 'Held by T2.', extra: { heldBy: 'T2' } });
  });
});

describe('readBody', () => {
  it('says of a field what a person can do about it', async () => {
    const epochs = v.object({ epochAbove: epochSchema });
    const say = { epochAbove: 'Enrol it again.' };
    expect((await readBody({ request: post('{"epochAbove":999999}'), schema: epochs, say })).ok).toBe(true);
    const read = await readBody({ request: post('{"epochAbove":9007199254740991}'), schema: epochs, say });
    if (read.ok) throw new Error('was accepted');
    expect(await read.response.json()).toMatchObject({ code: 'bad_request', detail: 'Enrol it again.' });
  });

  it('gives what the schema makes of the body', async () => {
    const read = await readBody({ request: post('{"paymentCode":"28","lines":[],"more":1}'), schema });
    expect(read).toEqual({ ok: true, value: { paymentCode: '28', lines: [] } });
  });

  it.each([
    ['not JSON', '{"paymentCode":"secret-4711', 'the body is not JSON'],
    ['a rule broken', '{"paymentCode":"secret-4711","lines":[]}', 'paymentCode: regex'],
    [
      'a deep rule broken',
      '{"paymentCode":"1","lines":[{"quantity":"secret-4711"}]}',
      'lines.0.quantity: number'
    ],
    ['a field missing', '{"lines":[]}', 'paymentCode: missing'],
    ['no object at all', '"secret-4711"', 'body: object']
  ])('names path and rule, never the value: %s', async (_what, body, words) => {
    const read = await readBody({ request: post(body), schema });
    if (read.ok) throw new Error('was accepted');
    const text = await read.response.text();
    expect(text).toContain(words);
    expect(text).not.toContain('4711');
    expect(read.response.status).toBe(400);
  });
});
