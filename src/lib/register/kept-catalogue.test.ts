import { describe, expect, test } from 'vitest';
import { catalogue } from './fakes';
import { keepCatalogue, readKeptCatalogue } from './kept-catalogue';

describe('a kept catalogue', () => {
  test('comes back as it was', () => {
    expect(readKeptCatalogue(structuredClone(keepCatalogue(catalogue)))).toEqual(catalogue);
  });

  test('of an older page is checked like an answer of the server', () => {
    expect(readKeptCatalogue(structuredClone(catalogue))).toEqual(catalogue);
    expect(readKeptCatalogue({ shape: 0, text: JSON.stringify(catalogue) })).toEqual(catalogue);
    expect(readKeptCatalogue({ shape: 0, text: '{"products":[{}]}' })).toBeUndefined();
  });

  test('that is none, or was cut, is none', () => {
    for (const kept of [undefined, null, 'text', { shape: 1, text: '{"version":' }]) {
      expect(readKeptCatalogue(kept)).toBeUndefined();
    }
  });
});
