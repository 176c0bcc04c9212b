/** The live gateway's settings: everything named `CODEPAY_…`. */
import type { KeyObject } from 'node:crypto';
import { GatewayKeyError } from '$lib/server/gateway/errors';
import { isOwnPublicKey, parsePrivateKey, parsePublicKey } from '$lib/server/gateway/keys';
import { isLoopbackHost, originOf, textOf, wholeNumber, type Env, type Read } from './env';

/** The built-in sandbox's app id: it never reaches a real gateway. */
export const sandboxAppId = 'till-sandbox';

/** How this shop speaks to its gateway; absent fields are left out of every request. */
export interface GatewaySettings {
  readonly url: string;
  readonly appId: string;
  readonly merchantNo: string;
  readonly storeNo: string | null;
  readonly terminalSn: string | null;
  readonly payMethodId: string | null;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** How long one call may take. */
  readonly timeoutMs: number;
}

const known = [
  'CODEPAY_GATEWAY_URL',
  'CODEPAY_APP_ID',
  'CODEPAY_MERCHANT_NO',
  'CODEPAY_STORE_NO',
  'CODEPAY_TERMINAL_SN',
  'CODEPAY_PAY_METHOD_ID',
  'CODEPAY_APP_PRIVATE_KEY',
  'CODEPAY_APP_PRIVATE_KEY_FILE',
  'CODEPAY_GATEWAY_PUBLIC_KEY',
  'CODEPAY_GATEWAY_PUBLIC_KEY_FILE',
  'CODEPAY_TIMEOUT_MS',
  'CODEPAY_NOTIFY_ORIGIN'
];

/** Reads a key file's text, or throws as `fs` does. */
export type ReadKeyFile = (path: string) => string;

/**
 * The live gateway's settings, or null for training: no `CODEPAY_…` setting at all.
 *
 * A half-made configuration is refused instead of falling back to training: a shop that believes itself live would
 * hand out goods for play money (money rule 12).
 * Source: the contract's "Environment variables".
 */
export function readGatewaySettings({
  env,
  readKeyFile
}: {
  readonly env: Env;
  readonly readKeyFile: ReadKeyFile;
}): Read<{ readonly gateway: GatewaySettings; readonly notifyOrigin: string | null } | null> {
  const given = Object.keys(env).filter((name) => name.startsWith('CODEPAY_') && textOf(env, name) !== null);
  if (given.length === 0) return { ok: true, value: null };
  const stranger = given.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    return refuse(`${stranger} is not a setting of Till; check its spelling against .env.example.`);
  }

  const url = textOf(env, 'CODEPAY_GATEWAY_URL');
  if (url === null) {
    return refuse(
      `CODEPAY_GATEWAY_URL is missing although ${given[0] ?? ''} is set; set it to go live, or remove every CODEPAY_ setting to train.`
    );
  }
  const addressProblem = problemOfAddress(url);
  if (addressProblem !== null) return refuse(addressProblem);

  const appId = textOf(env, 'CODEPAY_APP_ID');
  if (appId === null) return refuse(needed('CODEPAY_APP_ID'));
  if (appId === sandboxAppId) {
    return refuse(
      `CODEPAY_APP_ID is the training gateway's (${sandboxAppId}); use the app id that CodePay gave you.`
    );
  }
  const merchantNo = textOf(env, 'CODEPAY_MERCHANT_NO');
  if (merchantNo === null) return refuse(needed('CODEPAY_MERCHANT_NO'));
  for (const [name, value] of [
    ['CODEPAY_APP_ID', appId],
    ['CODEPAY_MERCHANT_NO', merchantNo]
  ]) {
    if ((value?.length ?? 0) > 32) return refuse(`${name ?? ''} must have at most 32 characters.`);
  }

  const privateKey = readKey({ env, readKeyFile, name: 'CODEPAY_APP_PRIVATE_KEY', parse: parsePrivateKey });
  if (!privateKey.ok) return privateKey;
  const publicKey = readKey({ env, readKeyFile, name: 'CODEPAY_GATEWAY_PUBLIC_KEY', parse: parsePublicKey });
  if (!publicKey.ok) return publicKey;
  if (isOwnPublicKey({ privateKey: privateKey.value, publicKey: publicKey.value })) {
    return refuse(
      "CODEPAY_GATEWAY_PUBLIC_KEY is your own app's public key; paste the gateway's public key from CodePay's page."
    );
  }

  const timeoutMs = wholeNumber({
    env,
    name: 'CODEPAY_TIMEOUT_MS',
    fallback: 10_000,
    least: 100,
    most: 120_000
  });
  if (!timeoutMs.ok) return timeoutMs;
  const notifyOrigin = originOf(env, 'CODEPAY_NOTIFY_ORIGIN');
  if (!notifyOrigin.ok) return notifyOrigin;

  return {
    ok: true,
    value: {
      gateway: {
        url,
        appId,
        merchantNo,
        storeNo: textOf(env, 'CODEPAY_STORE_NO'),
        terminalSn: textOf(env, 'CODEPAY_TERMINAL_SN'),
        payMethodId: textOf(env, 'CODEPAY_PAY_METHOD_ID'),
        privateKey: privateKey.value,
        publicKey: publicKey.value,
        timeoutMs: timeoutMs.value
      },
      notifyOrigin: notifyOrigin.value
    }
  };
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}

function needed(name: string): string {
  return `${name} is missing; CodePay gave it to you with your account, and live mode needs it.`;
}

function problemOfAddress(text: string): string | null {
  const example = 'such as https://gw.codepay.us';
  if (!URL.canParse(text)) return `CODEPAY_GATEWAY_URL is not an address ${example}.`;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return `CODEPAY_GATEWAY_URL must be a plain address ${example}, without password, question mark or #.`;
  }
  if (url.protocol === 'https:') return null;
  // Tests and bridges on the same machine may speak http; nothing else may carry a payment code in the clear.
  if (url.protocol === 'http:' && isLoopbackHost(url.hostname)) return null;
  return `CODEPAY_GATEWAY_URL must begin with https://, ${example}.`;
}

function readKey({
  env,
  readKeyFile,
  name,
  parse
}: {
  readonly env: Env;
  readonly readKeyFile: ReadKeyFile;
  readonly name: string;
  readonly parse: (from: { readonly text: string; readonly label: string }) => KeyObject;
}): Read<KeyObject> {
  const inline = textOf(env, name);
  const fileName = `${name}_FILE`;
  const path = textOf(env, fileName);
  if (inline !== null && path !== null) {
    return refuse(`${name} and ${fileName} are both set; keep one of them.`);
  }
  if (inline === null && path === null) {
    return refuse(`${name} or ${fileName} is missing; live mode needs the key.`);
  }
  const label = inline === null ? fileName : name;
  let text = inline ?? '';
  if (path !== null) {
    try {
      text = readKeyFile(path);
    } catch (error) {
      return refuse(
        `${fileName} names ${path}, which can't be read (${reasonOf(error)}); correct the path or the file's rights.`
      );
    }
  }
  try {
    return { ok: true, value: parse({ text, label }) };
  } catch (error) {
    if (error instanceof GatewayKeyError) return refuse(`${error.message} ${error.remedy}`);
    throw error;
  }
}

/** The system's short code; a whole message could quote what was in the file. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return { ENOENT: 'there is no such file', EACCES: 'no permission', EISDIR: 'it is a folder' }[code] ?? code;
}
