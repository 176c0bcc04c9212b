import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, CanonicalJsonError, toJsonObject } from './canonical-json';

// JSON as it can be: well-formed strings, and whole numbers that are exact
const json = fc.jsonValue({ stringUnit: 'binary' }).filter((value) => {
  const unsafe = /(?<![.\de-])-?\d{17,}|e\+/.test(JSON.stringify(value));
  return !unsafe;
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)])
  );
}

describe('canonical JSON', () => {
  it('sorts members by UTF-16 code units, at every depth, and adds no space', () => {
    expect(canonicalJson({ b: 1, a: { z: [], y: null } })).toBe('{"a":{"y":null,"z":[]},"b":1}');
    // the RFC's own trap: the surrogate pair of an emoji sorts before U+FB33, though its code point is larger
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(names)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}'
    );
  });

  it('writes numbers and strings as JSON.stringify does', () => {
    expect(canonicalJson([0, -0, 1.5, 1e-7, 333333333.3333333, 'a"\\\n\u001f€'])).toBe(
      '[0,0,1.5,1e-7,333333333.3333333,"a\\"\\\\\\n\\u001f€"]'
    );
  });

  it('is the same text in whatever order the members were made, and reads back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      })
    );
  });

  it('differs when the values differ', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = canonicalJson(a) === canonicalJson(b);
        const equal = isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
        expect(same).toBe(equal);
      })
    );
  });

  it.each([
    ['undefined', { a: undefined }, '$.a'],
    ['NaN', [1, Number.NaN], '$[1]'],
    ['an infinity', { a: { b: Infinity } }, '$.a.b'],
    ['a whole number that is not exact', { a: 2 ** 53 }, '$.a'],
    ['a bigint', { a: 1n }, '$.a'],
    ['a function', { toJSON: () => 1 }, '$.toJSON'],
    ['half of a surrogate pair', { a: '\ud83d' }, '$.a'],
    ['a date', { a: new Date(0) }, '$.a'],
    ['a map', new Map(), '$'],
    ['a hole', [1, , 2], '$[1]'], // eslint-disable-line no-sparse-arrays
    ['a symbol as a name', { [Symbol('x')]: 1 }, '$']
  ])('refuses %s and says where it stands', (_what, value, path) => {
    expect(() => canonicalJson(value)).toThrow(CanonicalJsonError);
    expect(() => canonicalJson(value)).toThrow(`No canonical JSON for ${path}:`);
  });

  it('refuses a broken name of a member', () => {
    expect(() => canonicalJson({ '\udc00': 1 })).toThrow(/name in \$/);
  });

  it('refuses a value that contains itself, without a stack overflow', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(() => canonicalJson(loop)).toThrow(/contains itself/);
  });

  it('keeps a member named __proto__ as data', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1}}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"a":1}}');
  });

  it('does not tell the value in its error: it could be a secret', () => {
    expect(() => canonicalJson({ code: '251001020123456789012345\ud800' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('2510') })
    );
  });

  it('copies typed events into plain JSON, detached from the original', () => {
    const event = { kind: 'line_added', lines: [{ quantity: 1 }] };
    const copied = toJsonObject(event);
    event.lines.push({ quantity: 2 });
    expect(copied).toEqual({ kind: 'line_added', lines: [{ quantity: 1 }] });
    expect(() => toJsonObject([])).toThrow(/an object was expected/);
  });
});
