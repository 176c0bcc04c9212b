import { generateKeyPairSync, sign } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import vectors from '../../../../tests/vectors/codepay-signing.json' with { type: 'json' };
import { openSandboxBook } from './book.ts';
import { loadOrCreateSandboxKeys } from './keys.ts';
import { startSandbox } from './sandbox.ts';
import { isSignedBy, publicKeyOf, stringToSign } from './signing.ts';
import { closeShops, codeEnding, openShop, testFolder } from './shop.fixture.ts';

afterEach(closeShops);

describe('the book, the keys, the signature', () => {
  test('a restart forgets nothing: a password still comes, a number stays used', async () => {
    const bookPath = join(testFolder(), 'book.db');
    const shop = await openShop({ bookPath });
    await shop.pay('T1', '90');
    await shop.pay('T2', '98');
    await shop.restart();
    shop.pass(6_000);
    expect((await shop.query('T1')).data['trans_status']).toBe(2);
    expect((await shop.pay('T2', '00')).code).toBe('SBX_DUPLICATE_NUMBER');
    const reader = openSandboxBook({ bookPath });
    expect(reader.payments()).toEqual(shop.sandbox.book.payments());
    reader.close();
  });

  test('a payment code is nowhere in the book’s file', async () => {
    const dir = testFolder();
    const shop = await openShop({ bookPath: join(dir, 'book.db') });
    await shop.pay('T1', '00');
    for (const name of readdirSync(dir)) {
      expect(readFileSync(join(dir, name)).includes(codeEnding('00'))).toBe(false);
    }
  });

  test('closing ends answers that are still held back', async () => {
    const shop = await openShop({ timeScale: 1 });
    const answer = shop.pay('T1', '96');
    const cut = expect(answer).rejects.toThrow('fetch failed');
    await expect.poll(() => shop.sandbox.book.payments().length).toBe(1);
    await shop.sandbox.close();
    await cut;
  });

  test('a port in use fails the start with its system code', async () => {
    const shop = await openShop();
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const port = Number(new URL(shop.sandbox.url).port);
    const second = startSandbox({
      bookPath: ':memory:',
      port,
      appPublicKey: publicKey,
      gatewayPrivateKey: privateKey
    });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('keys are made once, readable by their owner only, and the pairs fit', async () => {
    const dir = join(testFolder(), 'keys');
    const [first, second] = await Promise.all([loadOrCreateSandboxKeys(dir), loadOrCreateSandboxKeys(dir)]);
    expect(second).toEqual(first);
    expect(statSync(join(dir, 'app-private.pem')).mode & 0o777).toBe(0o600);
    const signature = sign('sha256', Buffer.from('x'), first.gateway.privateKeyPem).toString('base64');
    expect(isSignedBy('x', signature, publicKeyOf(first.gateway.publicKeyPem))).toBe(true);
  });

  test.each(vectors.requests)(
    'signs as CodePay does: $name',
    ({ params, string_to_sign: expected, sign: made }) => {
      expect(stringToSign(params)).toBe(expected);
      const pem = `-----BEGIN PUBLIC KEY-----\n${vectors.keys.app_public_base64}\n-----END PUBLIC KEY-----`;
      expect(isSignedBy(stringToSign(params), made, publicKeyOf(pem))).toBe(true);
    }
  );
});
