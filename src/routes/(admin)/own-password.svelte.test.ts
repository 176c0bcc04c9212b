import { expect, test } from 'vitest';
import type { ApiResult } from '$lib/register/office-api';
import type { ProblemCode } from '$lib/wire/problems';
import { OwnPassword, type OwnPasswordTyped } from './own-password.svelte';

function refused(code: ProblemCode): ApiResult<never> {
  const problem = { type: '', title: '', status: 403, code, detail: `because of ${code}` };
  return { ok: false, problem, status: 403, offline: false };
}
const done: ApiResult<string> = { ok: true, value: 'changed' };

function changing(...answers: ApiResult<string>[]) {
  const own = new OwnPassword();
  const sent: OwnPasswordTyped[] = [];
  const result = own.confirm(async (typed) => {
    sent.push(typed);
    return answers.shift() ?? done;
  });
  return { own, sent, result };
}

test('a change that needs no proof is sent once and asks for nothing', async () => {
  const { own, sent, result } = changing(done);
  expect(await result).toBe(done);
  expect(sent).toEqual([{}]);
  expect(own.asking).toBe(false);
});

test('a change that needs the password is sent again with it, until it is right', async () => {
  const { own, sent, result } = changing(refused('proof_needed'), refused('wrong_password'), done);
  await expect.poll(() => own.asking).toBe(true);
  expect(own.wrong).toBe(null);
  own.typed('guess');
  await expect.poll(() => own.wrong).toBe('because of wrong_password');
  expect(own.sending).toBe(false);
  own.typed('right one');
  expect(await result).toBe(done);
  expect(sent).toEqual([{}, { ownPassword: 'guess' }, { ownPassword: 'right one' }]);
  expect([own.asking, own.wrong]).toEqual([false, null]);
});

test('a change that nobody confirms is not sent again', async () => {
  const { own, sent, result } = changing(refused('proof_needed'));
  await expect.poll(() => own.asking).toBe(true);
  own.notNow();
  expect(await result).toBe(null);
  expect(sent).toEqual([{}]);
  expect(own.asking).toBe(false);
});

test('another refusal is the answer, and closes the dialog', async () => {
  const conflict = refused('person_conflict');
  const { own, result } = changing(refused('proof_needed'), conflict);
  await expect.poll(() => own.asking).toBe(true);
  own.typed('right one');
  expect(await result).toBe(conflict);
  expect(own.asking).toBe(false);
});
