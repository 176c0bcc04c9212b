import { expect, it } from 'vitest';
import { heldNames } from './held-names';

it('names held goods once each, and a code without a text in words', () => {
  expect(heldNames([])).toBeNull();
  const held = ['4012345678901', '4012345678901', ''].map((text) => ({
    kind: 'unknown_code' as const,
    text
  }));
  expect(heldNames(held)).toBe('2 × 4012345678901, A code that Till could not read');
});
