/** Reading single settings from the environment. A blank setting is one that is not there: `.env` files are full of them. */

/** The environment as Node hands it over. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What reading gives: a value, or one sentence that names the variable and says what to do. */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** The variable's text without surrounding space; null where it is missing or blank. */
export function textOf(env: Env, name: string): string | null {
  const text = env[name]?.trim() ?? '';
  return text === '' ? null : text;
}

/**
 * A whole number between two bounds.
 *
 * @returns `fallback` where the variable is blank; a message where it is no such number
 */
export function wholeNumber({
  env,
  name,
  fallback,
  least,
  most
}: {
  readonly env: Env;
  readonly name: string;
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}): Read<number> {
  const text = textOf(env, name);
  if (text === null) return { ok: true, value: fallback };
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return { ok: true, value };
  return { ok: false, message: `${name} must be a whole number from ${least} to ${most}.` };
}

/**
 * An address without path, `https://till.example`.
 *
 * @returns null where the variable is blank; a message where it is no such address
 */
export function originOf(env: Env, name: string): Read<string | null> {
  const text = textOf(env, name);
  if (text === null) return { ok: true, value: null };
  const wrong = {
    ok: false,
    message: `${name} must be an address without a path, such as https://till.example.com or http://localhost:3000; several are separated by commas.`
  } as const;
  if (!URL.canParse(text)) return wrong;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return wrong;
  const bare = url.pathname === '/' && url.search === '' && url.hash === '';
  return bare && url.username === '' && url.password === '' ? { ok: true, value: url.origin } : wrong;
}

/**
 * Several addresses as of {@link originOf}, separated by commas, the usual one first.
 *
 * Where the usual one is https, sign-in cookies are for https only; a browser keeps those on plain http for this very
 * machine alone, so no other plain address may stand beside it.
 */
export function originsOf(env: Env, name: string): Read<readonly string[]> {
  const origins: string[] = [];
  for (const part of (textOf(env, name) ?? '').split(',')) {
    const read = originOf({ [name]: part }, name);
    if (!read.ok) return read;
    if (read.value !== null) origins.push(read.value);
  }
  const [usual] = origins;
  const plain = origins.find((one) => one.startsWith('http:') && !isLoopbackHost(new URL(one).hostname));
  if (usual?.startsWith('https:') === true && plain !== undefined) {
    return {
      ok: false,
      message: `${name} must not name ${plain} beside ${usual}: nobody could stay signed in there. Use https for both.`
    };
  }
  return { ok: true, value: origins };
}

/** True for this very machine: `localhost`, `127.…`, `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
