/**
 * JSON read with the text of its values kept.
 *
 * What the gateway signed is the text of each value as it was sent: `34.50` and `34.5` are the same number but not the
 * same signature, and an object must be cut out of the answer byte by byte. `JSON.parse` forgets both, and silently takes
 * the last of two equal keys, so that one reader could check the first and another believe the second.
 *
 * `JSON.parse` still judges whether the text is JSON; the walk below only finds where the values of valid JSON begin and end.
 */

/** One value of an object. */
export interface RawMember {
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';
  /** What is signed: a string's content; the source of a number, boolean, object or array; null for null. */
  readonly text: string | null;
}

/** An object's members in the order sent. A `Map`: a member called `__proto__` is only a name. */
export type RawObject = ReadonlyMap<string, RawMember>;

/** Why a text is no object that can be trusted to mean one thing. */
export type RawProblem = 'not_json' | 'not_object' | 'duplicate_key' | 'too_deep' | 'broken_unicode';

/** What reading gives: the members, or the reason why not. */
export type RawRead =
  { readonly ok: true; readonly members: RawObject } | { readonly ok: false; readonly problem: RawProblem };

/**
 * Reads a JSON object, keeping the source text of its members. Duplicate keys at any depth, half surrogates (they have
 * no UTF-8 form, so nothing can have signed them) and more than 16 levels are refused.
 *
 * @param text the whole JSON text; never throws, whatever it is
 * Source: the contract's "Answer": verify over the exact bytes received.
 */
export function readRawObject(text: string): RawRead {
  try {
    JSON.parse(text);
  } catch {
    // the error quotes the text, which nobody may log: it is dropped
    return { ok: false, problem: 'not_json' };
  }
  const start = skipSpace(text, 0);
  if (text[start] !== '{') return { ok: false, problem: 'not_object' };
  try {
    const members = new Map<string, RawMember>();
    walkObject(text, start, 1, (name, member) => members.set(name, member));
    return { ok: true, members };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

const deepest = 16;

class Refusal extends Error {
  readonly problem: RawProblem;

  constructor(problem: RawProblem) {
    super(problem);
    this.problem = problem;
  }
}

type OnMember = (name: string, member: RawMember) => void;

/** Walks the object that begins at `at`; returns the position behind it. */
function walkObject(text: string, at: number, depth: number, onMember: OnMember | null): number {
  if (depth > deepest) throw new Refusal('too_deep');
  const seen = new Set<string>();
  let position = skipSpace(text, at + 1);
  while (text[position] !== '}') {
    const nameEnd = stringEnd(text, position);
    const name = stringContent(text.slice(position, nameEnd));
    if (seen.has(name)) throw new Refusal('duplicate_key');
    seen.add(name);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const valueEnd = walkValue(text, valueStart, depth);
    if (onMember) onMember(name, toMember(text.slice(valueStart, valueEnd)));
    position = skipSpace(text, valueEnd);
    if (text[position] === ',') position = skipSpace(text, position + 1);
  }
  return position + 1;
}

function walkArray(text: string, at: number, depth: number): number {
  if (depth > deepest) throw new Refusal('too_deep');
  let position = skipSpace(text, at + 1);
  while (text[position] !== ']') {
    position = skipSpace(text, walkValue(text, position, depth));
    if (text[position] === ',') position = skipSpace(text, position + 1);
  }
  return position + 1;
}

function walkValue(text: string, at: number, depth: number): number {
  switch (text[at]) {
    case '{':
      return walkObject(text, at, depth + 1, null);
    case '[':
      return walkArray(text, at, depth + 1);
    case '"':
      return stringEnd(text, at);
    default: {
      let end = at;
      while (end < text.length && /[-+.0-9A-Za-z]/.test(text.charAt(end))) end += 1;
      return end;
    }
  }
}

function toMember(source: string): RawMember {
  switch (source[0]) {
    case '{':
      return { kind: 'object', text: source };
    case '[':
      return { kind: 'array', text: source };
    case '"':
      return { kind: 'string', text: stringContent(source) };
    case 't':
    case 'f':
      return { kind: 'boolean', text: source };
    case 'n':
      return { kind: 'null', text: null };
    default:
      return { kind: 'number', text: source };
  }
}

function stringContent(source: string): string {
  const content: unknown = JSON.parse(source);
  if (typeof content !== 'string' || !content.isWellFormed()) throw new Refusal('broken_unicode');
  return content;
}

function stringEnd(text: string, at: number): number {
  let position = at + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

function skipSpace(text: string, at: number): number {
  let position = at;
  while (position < text.length && ' \t\n\r'.includes(text.charAt(position))) position += 1;
  return position;
}
