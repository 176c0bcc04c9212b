import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRawObject } from './raw-json';

function texts(json: string): Record<string, string | null> {
  const read = readRawObject(json);
  if (!read.ok) throw new Error(read.problem);
  return Object.fromEntries([...read.members].map(([name, { text }]) => [name, text]));
}

function problem(json: string): string {
  const read = readRawObject(json);
  return read.ok ? 'none' : read.problem;
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** Numbers in every way that JSON can write them, most of which a float forgets. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,24}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,12}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,2}$/))
  )
  .map((parts) => parts.join(''));

describe('reading JSON with its source', () => {
  it('keeps every number as it was written', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), numberText), { selector: ([name]) => name }),
        space,
        (members, gap) => {
          const json = `${gap}{${members
            .map(([name, text]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${text}${gap}`)
            .join(',')}}${gap}`;
          const read = readRawObject(json);
          expect(read.ok).toBe(true);
          if (!read.ok) return;
          expect([...read.members].map(([name, { kind, text }]) => [name, kind, text])).toEqual(
            members.map(([name, text]) => [name, 'number', text])
          );
        }
      )
    );
  });

  it('reads any object as JSON.parse does, and cuts inner objects out byte for byte', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), {
          noNullPrototype: true
        }),
        fc.constantFrom(undefined, 1, '\t'),
        (written, indent) => {
          const json = JSON.stringify(written, null, indent);
          // Writing loses the sign of -0: what counts is what the text says.
          const value: Record<string, unknown> = JSON.parse(json);
          const read = readRawObject(json);
          const isSound = [json].every((text) => !/\\ud[89a-f]/i.test(text));
          if (!isSound) return;
          expect(read.ok).toBe(true);
          if (!read.ok) return;
          expect([...read.members.keys()]).toEqual(Object.keys(value));
          for (const [name, member] of read.members) {
            if (member.kind === 'string' || member.kind === 'null') expect(member.text).toBe(value[name]);
            else {
              expect(json).toContain(member.text);
              expect(JSON.parse(member.text ?? '')).toEqual(value[name]);
            }
          }
        }
      )
    );
  });

  it('cuts an object out with its own spaces, escapes and numbers', () => {
    const data = '{ "a" : 34.50, "b":[1,{"c":"}\\""}] ,"u":"\\u00e9\\/" }';
    expect(texts(`{"code":"0", "data" : ${data} ,"big":12345678901234567890}`)).toEqual({
      code: '0',
      data,
      big: '12345678901234567890'
    });
  });

  it('decodes a string once', () => {
    expect(texts('{"a":"\\u62b9\\n\\/\\\\u0041 \\ud83c\\udf70","e":"","n":null,"t":true}')).toEqual({
      a: '抹\n/\\u0041 🍰',
      e: '',
      n: null,
      t: 'true'
    });
  });

  it('takes a member called __proto__ for a name', () => {
    const read = readRawObject('{"__proto__":{"code":"0"},"constructor":"1"}');
    expect(read.ok && [...read.members.keys()]).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['{"code":"0","code":"1"}', 'duplicate_key'],
    ['{"code":"0","c\\u006fde":"1"}', 'duplicate_key'],
    ['{"data":{"a":[{"b":1,"b":1}]}}', 'duplicate_key'],
    ['{"a":"\\ud800"}', 'broken_unicode'],
    ['{"\\udc00":1}', 'broken_unicode'],
    [`{"a":${'['.repeat(17)}${']'.repeat(17)}}`, 'too_deep'],
    [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too_deep'],
    ['[]', 'not_object'],
    ['"{}"', 'not_object'],
    ['null', 'not_object'],
    ['', 'not_json'],
    ['<html>', 'not_json'],
    ['{"a":1', 'not_json'],
    ['{"a":01}', 'not_json'],
    ['{"a":1}{"a":2}', 'not_json'],
    ["{'a':1}", 'not_json']
  ])('refuses %.40s: %s', (json, expected) => {
    expect(problem(json)).toBe(expected);
  });

  it('ends for any text, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]":,\\u01dea \n') }),
        (text) => void readRawObject(text)
      )
    );
  });
});
