import { describe, expect, it } from 'vitest';
import { openEnvelope } from './envelope';
import { parsePrivateKey, parsePublicKey } from './keys';
import { readRawObject } from './raw-json';
import { signText, stringToSign, verifyText } from './sign';
import { vectors } from './vectors.fixture';

const appKey = parsePrivateKey({ text: vectors.keys.app_private_pkcs1_base64, label: 'app key' });
const appPublic = parsePublicKey({ text: vectors.keys.app_public_base64, label: 'app public key' });
const gatewayPublic = parsePublicKey({ text: vectors.keys.gateway_public_base64, label: 'gateway key' });

describe('signing a request', () => {
  it.each(vectors.requests)(
    'gives the sample, byte for byte: $name',
    async ({ params, string_to_sign, sign }) => {
      const text = stringToSign(Object.entries(params));
      expect(text).toBe(string_to_sign);
      expect(await signText({ text, key: appKey })).toBe(sign);
      expect(verifyText({ text, signature: sign, key: appPublic })).toBe(true);
    }
  );

  it.each(vectors.requests)(
    'does not depend on the order of the fields: $name',
    ({ params, string_to_sign }) => {
      expect(stringToSign(Object.entries(params).reverse())).toBe(string_to_sign);
    }
  );

  it('leaves out the signature itself, null and empty fields, and keeps "0" and a space', () => {
    expect(
      stringToSign([
        ['sign', 'x'],
        ['b', ''],
        ['c', null],
        ['d', '0'],
        ['a', ' ']
      ])
    ).toBe('a= &d=0');
  });
});

describe('verifying an answer', () => {
  it.each(vectors.responses)('agrees with the sample: $name', ({ body, valid, string_to_sign }) => {
    const json = JSON.stringify(body);
    const opened = openEnvelope({ body: Buffer.from(json), publicKey: gatewayPublic });
    expect(opened.ok).toBe(valid);
    if (!opened.ok) expect(opened.fault).toBe('sign' in body ? 'bad_signature' : 'unsigned');
    const read = readRawObject(json);
    if (string_to_sign !== undefined && read.ok) {
      expect(stringToSign([...read.members].map(([name, { text }]) => [name, text]))).toBe(string_to_sign);
    }
  });

  it("does not take the app's own signature for the gateway's", async () => {
    const sign = await signText({ text: 'code=0', key: appKey });
    const body = Buffer.from(JSON.stringify({ code: '0', sign }));
    expect(openEnvelope({ body, publicKey: gatewayPublic })).toMatchObject({ fault: 'bad_signature' });
  });

  it('is false for rubbish, never an exception', () => {
    for (const signature of ['', ' ', '=', '****', 'AAAA', 'A'.repeat(5000)]) {
      expect(verifyText({ text: 'a=1', signature, key: gatewayPublic })).toBe(false);
    }
  });
});
