/**
 * One text for one JSON value, so that its hash means something: RFC 8785 for the values it takes. Members are sorted
 * by the UTF-16 code units of their names, there is no white space, strings and numbers are written as `JSON.stringify`
 * writes them. What would be lost or changed on the way through JSON is refused, never bent into something else.
 */

export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * A value that has no canonical JSON. The message names where it stands and of what kind it is, and never the value
 * itself: it could be a secret.
 */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError';
  readonly code = 'not_canonical_json';
  /** Where in the value: `$.body.lines[2].name`. */
  readonly path: string;

  constructor({ path, problem }: { readonly path: string; readonly problem: string }) {
    super(`No canonical JSON for ${path}: ${problem}.`);
    this.path = path;
  }
}

/** Deeper than any entry; a value that contains itself ends here instead of in a stack overflow. */
const maxDepth = 64;

/**
 * The canonical text of a value.
 *
 * @param value plain objects, arrays, strings, finite numbers, booleans, null. A whole number must be a safe integer.
 * @throws CanonicalJsonError for undefined, NaN, infinities, unsafe integers, bigints, functions, symbols, lone
 * surrogates, class instances, holes in arrays, and values nested deeper than 64.
 */
export function canonicalJson(value: unknown): string {
  return write(toJson(value));
}

/**
 * A plain, checked copy of a value, typed as JSON. Typed events (interfaces) become the body of an entry through it.
 *
 * @throws CanonicalJsonError as {@link canonicalJson}.
 */
export function toJson(value: unknown): JsonValue {
  return copy(value, '$', 0);
}

/**
 * As {@link toJson}, for an object at the top.
 *
 * @throws CanonicalJsonError as {@link canonicalJson}, and when the value is no plain object.
 */
export function toJsonObject(value: object): JsonObject {
  const json = toJson(value);
  if (isJsonObject(json)) return json;
  throw new CanonicalJsonError({ path: '$', problem: 'an object was expected' });
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function copy(value: unknown, path: string, depth: number): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return wellFormed(value, path);
  if (typeof value === 'number') return countable(value, path);
  if (typeof value !== 'object')
    throw new CanonicalJsonError({ path, problem: `it is of type ${typeof value}` });
  if (depth >= maxDepth) {
    throw new CanonicalJsonError({
      path,
      problem: `it is nested deeper than ${maxDepth}, or contains itself`
    });
  }

  if (Array.isArray(value)) {
    // Array.from visits holes too, which map would skip
    return Array.from(value, (item: unknown, index) => copy(item, `${path}[${index}]`, depth + 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // one step above null is an Object.prototype, of this realm or another (structured clones, test environments)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new CanonicalJsonError({ path, problem: 'it is not a plain object' });
  }
  if (Object.getOwnPropertySymbols(value).length > 0) {
    throw new CanonicalJsonError({ path, problem: 'it has a member named by a symbol' });
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      wellFormed(name, `a member's name in ${path}`),
      copy(member, `${path}.${name}`, depth + 1)
    ])
  );
}

function wellFormed(text: string, path: string): string {
  if (!text.isWellFormed())
    throw new CanonicalJsonError({ path, problem: 'it has half of a surrogate pair' });
  return text;
}

function countable(value: number, path: string): number {
  if (!Number.isFinite(value)) throw new CanonicalJsonError({ path, problem: 'it is not a finite number' });
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new CanonicalJsonError({ path, problem: 'it is a whole number too large to be exact' });
  }
  return value;
}

function write(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value)
    // not localeCompare: code units, as the RFC says
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`);
  return `{${members.join(',')}}`;
}
