import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { GatewayKeyError, type KeyProblem } from './errors';
import { isOwnPublicKey, parsePrivateKey, parsePublicKey } from './keys';
import { signText } from './sign';
import { vectors } from './vectors.fixture';

const { keys } = vectors;
const label = 'CODEPAY_APP_PRIVATE_KEY';

function pem(kind: string, base64: string): string {
  return `-----BEGIN ${kind}-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END ${kind}-----\n`;
}

const pkcs8Pem = pem('PRIVATE KEY', keys.app_private_pkcs8_base64);

const privateForms: ReadonlyArray<readonly [form: string, text: string]> = [
  ['bare base64 of PKCS#1', keys.app_private_pkcs1_base64],
  ['bare base64 of PKCS#8', keys.app_private_pkcs8_base64],
  ['PEM of PKCS#1', pem('RSA PRIVATE KEY', keys.app_private_pkcs1_base64)],
  ['PEM of PKCS#8', pkcs8Pem],
  ['PEM with Windows line ends', pkcs8Pem.replaceAll('\n', '\r\n')],
  ['PEM on one line with \\n written out', pkcs8Pem.replaceAll('\n', '\\n')],
  ['PEM whose line ends became spaces', pkcs8Pem.replaceAll('\n', ' ')],
  ['PEM under the other label', pem('RSA PRIVATE KEY', keys.app_private_pkcs8_base64)],
  [
    'base64 in lines with space around',
    `\n  ${keys.app_private_pkcs1_base64.replace(/(.{76})/g, '$1\n')}  \n`
  ],
  ['PEM after a byte order mark', `\uFEFF${pkcs8Pem}`]
];

const publicPem = pem('PUBLIC KEY', keys.app_public_base64);
const pkcs1Public = createPublicKey(publicPem).export({ type: 'pkcs1', format: 'pem' }).toString();

describe('a private key', () => {
  it.each(privateForms)('is read from %s and signs as the vectors say', async (_form, text) => {
    const [vector] = vectors.requests;
    const key = parsePrivateKey({ text, label });
    expect(await signText({ text: vector?.string_to_sign ?? '', key })).toBe(vector?.sign);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const encrypted = (type: 'pkcs1' | 'pkcs8'): string =>
    generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString();
  const asPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

  /** The key with one digit of its modulus changed: still parses. (OpenSSL mends damage elsewhere by itself.) */
  const damaged = (): string => {
    const der = Buffer.from(keys.app_private_pkcs1_base64, 'base64');
    const at = 100;
    der[at] = (der[at] ?? 0) ^ 1;
    return der.toString('base64');
  };

  it.each<readonly [string, () => string, KeyProblem]>([
    ['nothing', () => ' \n', 'empty'],
    ['a file name', () => '/etc/till/key.pem', 'not_base64'],
    ['half a key', () => keys.app_private_pkcs8_base64.slice(0, 800), 'unreadable'],
    ['half a PEM', () => pkcs8Pem.slice(0, 800), 'not_base64'],
    ['a public key', () => publicPem, 'public_given'],
    ['a PKCS#1 public key', () => pkcs1Public, 'public_given'],
    ['an encrypted PKCS#8 key', () => encrypted('pkcs8'), 'encrypted'],
    ['an encrypted PKCS#1 key', () => encrypted('pkcs1'), 'encrypted'],
    ['a certificate', () => pem('CERTIFICATE', keys.app_public_base64), 'certificate'],
    ['an elliptic curve key', () => asPem(ec), 'not_rsa'],
    ['a short RSA key', () => asPem(small), 'too_short'],
    ['a damaged key', damaged, 'inconsistent']
  ])('is refused with its name when it is %s, and never shown', (_what, make, problem) => {
    const text = make();
    let thrown: unknown;
    try {
      parsePrivateKey({ text, label });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayKeyError);
    if (!(thrown instanceof GatewayKeyError)) return;
    expect(thrown.problem).toBe(problem);
    expect(thrown.message.startsWith(`${label} `)).toBe(true);
    expect(thrown.cause).toBeUndefined();
    // no run of the key's text may be seen in what is thrown
    const shown = `${thrown.stack ?? ''} ${JSON.stringify(thrown)} ${thrown.remedy}`;
    const body = text.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
    for (let at = 0; at + 12 <= body.length; at += 12) expect(shown).not.toContain(body.slice(at, at + 12));
  });
});

describe('a public key', () => {
  it.each([
    ['bare base64 of SPKI', keys.app_public_base64],
    ['PEM of SPKI', publicPem],
    ['PEM of PKCS#1', pkcs1Public],
    ['bare base64 of PKCS#1', pkcs1Public.replace(/-----[^-]+-----|\s/g, '')]
  ])('is read from %s', (_form, text) => {
    expect(parsePublicKey({ text, label }).equals(createPublicKey(publicPem))).toBe(true);
  });

  it('is refused when it is a private key, which must not travel under a public name', () => {
    for (const text of [keys.gateway_private_pkcs1_base64, keys.gateway_private_pkcs8_base64]) {
      expect(() => parsePublicKey({ text, label: 'CODEPAY_GATEWAY_PUBLIC_KEY' })).toThrow(
        'CODEPAY_GATEWAY_PUBLIC_KEY is a private key where the public key belongs.'
      );
    }
  });

  it("is told from the gateway's when it is the app's own", () => {
    const privateKey = parsePrivateKey({ text: keys.app_private_pkcs1_base64, label });
    const own = parsePublicKey({ text: keys.app_public_base64, label });
    const gateway = parsePublicKey({ text: keys.gateway_public_base64, label });
    expect(isOwnPublicKey({ privateKey, publicKey: own })).toBe(true);
    expect(isOwnPublicKey({ privateKey, publicKey: gateway })).toBe(false);
  });
});
