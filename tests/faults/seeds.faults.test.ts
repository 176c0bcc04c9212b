import { expect, test } from 'vitest';
import { described } from './simulate-seeds';
import { simulate } from './simulation';

test('the same seed is the same run, to the last step', async () => {
  for (const seed of [3, 14, 159]) {
    const [first, second] = [await simulate({ seed }), await simulate({ seed })];
    expect(second.interleaving).toBe(first.interleaving);
    expect(second.trace).toEqual(first.trace);
  }
});

/** Seeds that once found something: each stays, with what it found. */
const found: readonly (readonly [seed: number, what: string])[] = [
  [586, 'a cancel that nobody answered was repeated every five seconds for ever'],
  [800, 'a refund under a wrong clock'],
  [34_702, 'a clock that was set on made "not found" prove too soon that nothing had arrived'],
  [35_412, 'the same, of a payment that arrived after its second cancel'],
  [67_197, 'the same, with three payments open'],
  [93_383, 'the same, with two processes']
];
for (const [seed, what] of found) {
  test(`seed ${seed} holds: ${what}`, async () => {
    const result = await simulate({ seed });
    expect(result.violations, described(result)).toEqual([]);
  });
}
