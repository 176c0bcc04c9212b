import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appKey, signedJson, startLoopback, type Loopback } from './loopback.fixture';
import { readRawObject } from './raw-json';

const unsigned =
  '{"app_id":"wz6012822ca2f1as78","merchant_no":"312100000164","merchant_order_no":"T1","trans_no":12345678901234567890,' +
  '"trans_type":1,"trans_status":2,"price_currency":"USD","order_amount":34.50,"attach":"a&b=c é 🍰","notify_time":"now"}';

let loopback: Loopback;
let signed: string;
beforeAll(async () => {
  loopback = await startLoopback();
  signed = await signedJson(unsigned);
});
afterAll(() => loopback.close());

function read(rawBody: string, contentType: string | null = 'application/json') {
  return loopback.gateway.parseNotification({ rawBody, contentType });
}

/** The same fields as a real form. */
function asForm(json: string): URLSearchParams {
  const members = readRawObject(json);
  if (!members.ok) throw new Error(members.problem);
  return new URLSearchParams(
    [...members.members].map(([name, { text }]): [string, string] => [name, text ?? ''])
  );
}

describe('a webhook', () => {
  it.each([
    ['application/json; charset=utf-8'],
    ['application/x-www-form-urlencoded'],
    ['text/plain'],
    ['multipart/form-data; boundary=x'],
    [null]
  ])('is read as the JSON that it is when its type is %s', (contentType) => {
    const result = read(` \n${signed}\n`, contentType);
    expect(result).toMatchObject({
      ok: true,
      notification: {
        merchantOrderNo: 'T1',
        transNo: '12345678901234567890',
        transType: '1',
        status: 'succeeded',
        statusText: '2',
        currency: 'USD',
        orderAmountMinor: 3450,
        merchantNo: '312100000164',
        attach: 'a&b=c é 🍰',
        origTransNo: null
      }
    });
    expect(result.ok && result.notification.rawSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is read from a form whose fields are the parameters', () => {
    expect(read(asForm(signed).toString(), 'application/x-www-form-urlencoded')).toMatchObject({
      ok: true,
      notification: { merchantOrderNo: 'T1', orderAmountMinor: 3450, attach: 'a&b=c é 🍰' }
    });
  });

  it('is read from a form whose only field is the JSON', () => {
    expect(read(`${encodeURIComponent(signed)}=`, 'application/x-www-form-urlencoded')).toMatchObject({
      ok: true
    });
  });

  it('is not believed with one field changed, added or taken away', () => {
    expect(read(signed.replace('34.50', '34.5'))).toEqual({ ok: false, reason: 'bad_signature' });
    expect(read(signed.replace('"T1"', '"T2"'))).toEqual({ ok: false, reason: 'bad_signature' });
    expect(read(signed.replace('{', '{"more":1,'))).toEqual({ ok: false, reason: 'bad_signature' });
    expect(read(signed.replace('"trans_type":1,', ''))).toEqual({ ok: false, reason: 'bad_signature' });
    const form = asForm(signed);
    form.set('order_amount', '1.00');
    expect(read(form.toString(), null)).toEqual({ ok: false, reason: 'bad_signature' });
  });

  it("is not believed unsigned, or signed with the app's own key", async () => {
    expect(read(unsigned)).toEqual({ ok: false, reason: 'unsigned' });
    expect(read(await signedJson(unsigned, appKey))).toEqual({ ok: false, reason: 'bad_signature' });
  });

  it("is not ours when it names another merchant or app, though the gateway's key signed it", async () => {
    for (const change of ['312100000164', 'wz6012822ca2f1as78']) {
      expect(read(await signedJson(unsigned.replace(change, 'other')))).toEqual({
        ok: false,
        reason: 'wrong_merchant'
      });
    }
  });

  it('with a new status still says that a query is due', async () => {
    expect(read(await signedJson(unsigned.replace('"trans_status":2', '"trans_status":7')))).toMatchObject({
      ok: true,
      notification: { status: null, statusText: '7' }
    });
  });

  it('of a refund names the payment that it belongs to', async () => {
    expect(
      read(await signedJson('{"merchant_order_no":"R1","orig_trans_no":"9","trans_status":"2"}'))
    ).toMatchObject({
      ok: true,
      notification: { merchantOrderNo: 'R1', origTransNo: '9', orderAmountMinor: null }
    });
  });

  it('without an order number tells nothing', async () => {
    expect(read(await signedJson('{"trans_status":2}'))).toEqual({ ok: false, reason: 'unreadable' });
  });

  it.each([
    ['', null],
    ['success', 'text/plain'],
    ['[]', 'application/json'],
    ['a=1&a=2&sign=x', 'application/x-www-form-urlencoded'],
    ['{"merchant_order_no":"T1"', null],
    ['%7B', null],
    ['{"sign":"x","sign":"y"}', null],
    ['{"a&b":"1","sign":"x"}', null],
    [`{"sign":"${'x'.repeat(300_000)}"}`, null]
  ])('that is %.30j is unreadable, never an exception', (body, contentType) => {
    expect(read(body, contentType)).toEqual({ ok: false, reason: 'unreadable' });
  });
});
