import { expect, it } from 'vitest';
import { asksToChoose } from './scanner-words';

it('asks the browser for a scanner that was pulled out, because it may have been forgotten; tries a busy one again', () => {
  expect(asksToChoose({ state: 'waiting', trouble: 'unplugged', remedy: 'plug_in', retryInMs: null })).toBe(
    true
  );
  expect(asksToChoose({ state: 'needs_you', trouble: 'permission_lost', remedy: 'choose' })).toBe(true);
  expect(asksToChoose({ state: 'off' })).toBe(true);
  expect(asksToChoose({ state: 'waiting', trouble: 'in_use', remedy: 'close_other', retryInMs: 500 })).toBe(
    false
  );
  expect(asksToChoose({ state: 'needs_you', trouble: 'failed', remedy: 'retry' })).toBe(false);
});
