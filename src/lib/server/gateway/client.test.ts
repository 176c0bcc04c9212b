import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from './client';
import { GatewayConfigError, GatewayMisuse } from './errors';
import {
  appKey,
  appPublic,
  gatewayPublic,
  payment,
  paymentCode,
  says,
  signedJson,
  startLoopback,
  success,
  type Loopback
} from './loopback.fixture';
import { readRawObject } from './raw-json';
import { stringToSign, verifyText } from './sign';

const no = payment.merchantOrderNo;
const paidData =
  '{"trans_no":21202611230000042123,"merchant_order_no":"' +
  no +
  '","trans_status":2,"price_currency":"USD","order_amount":34.5,"trans_amount":"34.500","paid_amount":30,' +
  '"discount_bmopc":"4.00","discount_bpc":0.5,"pay_channel_trans_no":"2026112322001","pay_method_id":"Alipay",' +
  '"trans_end_time":"2026-11-23 12:48:51","attach":"a1b2","merchant_no":"312100000164","new_field":{"x":[1]}}';

let loopback: Loopback;
beforeAll(async () => {
  loopback = await startLoopback();
});
afterAll(() => loopback.close());
beforeEach(() => {
  loopback.received.length = 0;
  loopback.logged.length = 0;
});

function lastRequest(): Map<string, string | null> {
  const read = readRawObject(loopback.received.at(-1)?.body ?? '');
  if (!read.ok) throw new Error(read.problem);
  for (const { kind } of read.members.values()) expect(kind).toBe('string');
  return new Map([...read.members].map(([name, { text }]) => [name, text]));
}

describe('a request', () => {
  it('carries every value as a JSON string, no empty field, and a signature over exactly what is sent', async () => {
    loopback.answerWith(says(success('{"trans_no":"1","trans_status":0}')));
    const gateway = loopback.with({
      url: `${loopback.url}/`,
      storeNo: '4121',
      terminalSn: '',
      payMethodId: 'Alipay',
      notifyUrl: 'https://till.example/api/codepay/notify?a=1&b=2'
    });
    await gateway.submitPayment({ ...payment, description: '抹茶 & 50% 🍰 \ud800' });
    const [request] = loopback.received;
    expect(request).toMatchObject({ httpMethod: 'POST', path: '/api/entry' });
    expect(request?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(request?.headers['content-length']).toBe(String(Buffer.byteLength(request?.body ?? '')));
    const sent = lastRequest();
    const { sign, ...fields } = Object.fromEntries(sent);
    expect(fields).toEqual({
      app_id: 'wz6012822ca2f1as78',
      method: 'bscanc.pay.submit',
      format: 'JSON',
      charset: 'UTF-8',
      sign_type: 'RSA2',
      version: '1.0',
      timestamp: '1795437296123',
      merchant_no: '312100000164',
      auth_code: paymentCode,
      merchant_order_no: no,
      price_currency: 'USD',
      order_amount: '34.50',
      pay_method_id: 'Alipay',
      description: '抹茶 & 50% 🍰 \ufffd',
      expires: '120',
      store_no: '4121',
      attach: 'a1b2',
      notify_url: 'https://till.example/api/codepay/notify?a=1&b=2'
    });
    expect(verifyText({ text: stringToSign(sent), signature: sign ?? '', key: appPublic })).toBe(true);
  });

  it('asks for as many decimals as the currency has', async () => {
    loopback.answerWith(says(success('{"trans_no":"1","trans_status":0}')));
    for (const [currency, amountMinor, text] of [
      ['JPY', 1200, '1200'],
      ['USD', 5, '0.05'],
      ['KWD', 1500, '1.500']
    ] as const) {
      await loopback.gateway.submitPayment({ ...payment, currency, amountMinor });
      expect(lastRequest().get('order_amount')).toBe(text);
    }
  });

  it('names the method of each function, and the refund carries both numbers', async () => {
    loopback.answerWith(says(success('{"trans_no":"9","trans_amount":4.25,"trans_status":0}')));
    const { gateway } = loopback;
    await gateway.queryPayment({ merchantOrderNo: no });
    expect(lastRequest().get('method')).toBe('order.query');
    await gateway.cancelPayment({ merchantOrderNo: no });
    expect(lastRequest().get('method')).toBe('order.revoker');
    await gateway.queryRefund({ merchantOrderNo: 'R1' });
    expect(lastRequest().get('method')).toBe('order.refund.query');
    const taken = await gateway.submitRefund({
      originalMerchantOrderNo: no,
      merchantOrderNo: 'R1',
      amountMinor: 425,
      currency: 'USD',
      reason: ''
    });
    expect(taken).toMatchObject({ kind: 'answered', value: { transNo: '9', transAmountMinor: 425 } });
    const sent = lastRequest();
    expect(sent.get('method')).toBe('order.refund.submit');
    expect(sent.get('orig_merchant_order_no')).toBe(no);
    expect(sent.get('merchant_order_no')).toBe('R1');
    expect(sent.get('order_amount')).toBe('4.25');
    expect(sent.has('description')).toBe(false);
  });

  it('takes its timestamp from the corrected clock when there is one', async () => {
    loopback.answerWith(says(success(paidData)));
    const gateway = createGateway({
      config: {
        url: loopback.url,
        appId: 'a',
        merchantNo: 'm',
        privateKey: appKey,
        publicKey: gatewayPublic,
        timeoutMs: 5000
      },
      now: () => 1,
      newTimestamp: () => 1795437296999.5,
      log: () => undefined
    });
    await gateway.queryPayment({ merchantOrderNo: no });
    expect(lastRequest().get('timestamp')).toBe('1795437296999');
  });

  it.each([
    ['a number that is too long', { merchantOrderNo: 'x'.repeat(33) }],
    ['no number', { merchantOrderNo: '' }],
    ['a fraction of a cent', { amountMinor: 34.5 }],
    ['nothing to pay', { amountMinor: 0 }],
    ['an unknown currency', { currency: 'usd' }],
    ['no code', { paymentCode: ' ' }],
    ['half a second of life', { expiresSeconds: 0.5 }]
  ])('is not sent with %s: that is a bug in the caller', async (_what, change) => {
    const asked = loopback.gateway.submitPayment({ ...payment, ...change });
    await expect(asked).rejects.toBeInstanceOf(GatewayMisuse);
    await expect(asked).rejects.not.toThrow(paymentCode);
    expect(loopback.received).toEqual([]);
  });
});

describe('an answer', () => {
  it('gives the facts of a payment, each amount from its own text', async () => {
    loopback.answerWith(says(success(paidData)));
    const answer = await loopback.gateway.queryPayment({ merchantOrderNo: no });
    expect(answer).toMatchObject({
      kind: 'answered',
      codeClass: 'ok',
      value: {
        status: 'succeeded',
        merchantOrderNo: no,
        currency: 'USD',
        orderAmountMinor: 3450,
        transAmountMinor: 3450,
        paidAmountMinor: 3000,
        discountByMerchantMinor: 400,
        discountByChannelMinor: 50,
        merchantNo: '312100000164',
        appId: null,
        attach: 'a1b2',
        transNo: '21202611230000042123',
        payChannelTransNo: '2026112322001',
        payMethodId: 'Alipay',
        transEndTime: '2026-11-23T12:48:51.000Z',
        errorCode: null
      },
      evidence: {
        method: 'order.query',
        code: '0',
        psn: '1795437296123001',
        message: 'success',
        httpStatus: 200
      }
    });
    expect(answer.evidence.rawSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(answer.evidence.gatewayDate).toMatch(/^\d{4}-.*Z$/);
  });

  it.each(['34.5', '34.50', '"34.5"', '"34.50"', '34.500', '3.45e1'])(
    'reads %s as 3450 cents',
    async (amount) => {
      loopback.answerWith(
        says(success(`{"trans_status":"2","price_currency":"USD","order_amount":${amount}}`))
      );
      expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
        value: { status: 'succeeded', orderAmountMinor: 3450 }
      });
    }
  );

  it.each(['1200', '1200.00', '"1200"', '1.2e3'])('reads %s yen as 1200', async (amount) => {
    loopback.answerWith(says(success(`{"trans_status":2,"price_currency":"JPY","order_amount":${amount}}`)));
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      value: { orderAmountMinor: 1200 }
    });
  });

  it.each(['34.505', '"34,50"', '-34.50', '"NaN"', '9007199254740993', '{}', 'true'])(
    'is odd with an asked amount of %s',
    async (amount) => {
      loopback.answerWith(
        says(success(`{"trans_status":2,"price_currency":"USD","order_amount":${amount}}`))
      );
      expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
        kind: 'fault',
        fault: 'odd_shape'
      });
    }
  );

  it('stays believable with a strange discount', async () => {
    loopback.answerWith(
      says(success('{"trans_status":2,"price_currency":"USD","order_amount":1,"discount_bpc":"none"}'))
    );
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      value: { orderAmountMinor: 100, discountByChannelMinor: null }
    });
  });

  it('may have data as an object, verified over its exact bytes', async () => {
    const data =
      '{ "trans_status" : 2, "price_currency":"USD",\n "order_amount":34.50, "attach":"\\u00e9\\/" }';
    loopback.answerWith(says(signedJson(`{ "code":0, "data": ${data} , "msg":"ok" }`)));
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      kind: 'answered',
      value: { orderAmountMinor: 3450, attach: 'é/' }
    });
    const changed = (await signedJson(`{"code":0,"data":${data}}`)).replace('34.50', '34.5');
    loopback.answerWith(says(changed));
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      fault: 'bad_signature'
    });
  });

  it.each([
    ['9', 'created'],
    ['0', 'paying'],
    ['1', 'closed'],
    ['2', 'succeeded'],
    ['3', 'cancelled']
  ])('names status %s %s, as a number and as text', async (text, status) => {
    for (const written of [text, `"${text}"`]) {
      loopback.answerWith(says(success(`{"trans_status":${written}}`)));
      expect(await loopback.gateway.submitPayment(payment)).toMatchObject({
        kind: 'answered',
        value: { status }
      });
    }
  });

  it.each(['4', '"2 "', '2.0', '-2', 'null', '""', 'true', '[2]'])(
    'is odd with status %s',
    async (status) => {
      loopback.answerWith(
        says(success(`{"trans_status":${status},"order_amount":34.5,"price_currency":"USD"}`))
      );
      expect(await loopback.gateway.submitPayment(payment)).toMatchObject({
        kind: 'fault',
        fault: 'odd_shape',
        evidence: { code: '0', psn: '1795437296123001' }
      });
    }
  );

  it.each([
    ['no data', '{"code":"0","msg":"success"}'],
    ['empty data', '{"code":"0","data":""}'],
    ['a list for data', '{"code":"0","data":"[]"}'],
    ['data that is not JSON', '{"code":"0","data":"trans_status=2"}'],
    ['a key twice in data', '{"code":"0","data":"{\\"trans_status\\":1,\\"trans_status\\":2}"}'],
    ['no code', '{"msg":"success","data":"{\\"trans_status\\":2}"}'],
    ['a name that hides a second field', '{"code":"0","x=1&data":"{}"}'],
    ['an unknown currency', '{"code":"0","data":"{\\"trans_status\\":2,\\"price_currency\\":\\"XXX\\"}"}']
  ])('is odd with %s, though signed', async (_what, json) => {
    loopback.answerWith(says(signedJson(json)));
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      kind: 'fault',
      fault: 'odd_shape'
    });
  });

  it('is odd with a key twice, whichever of the two was signed', async () => {
    const honest = await success('{"trans_status":1}');
    loopback.answerWith(says(honest.replace('"code":"0"', '"code":"E1","code":"0"')));
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      fault: 'odd_shape'
    });
  });

  it.each([
    ['E10007', 'not_created'],
    ['SBX_NOT_FOUND', 'not_found'],
    ['SBX_BUSY', 'busy'],
    ['E424242', 'unknown_code'],
    ['00', 'unknown_code']
  ])('with code %s is a refusal of class %s, even when its data says paid', async (code, codeClass) => {
    const data = JSON.stringify('{"trans_status":2}');
    loopback.answerWith(says(signedJson(`{"code":"${code}","msg":"no","psn":"7","data":${data}}`)));
    expect(await loopback.gateway.submitPayment(payment)).toMatchObject({
      kind: 'refused',
      codeClass,
      evidence: { code, psn: '7', message: 'no' }
    });
  });

  it('to a cancel needs no data', async () => {
    loopback.answerWith(says(signedJson('{"code":"0","msg":"success","psn":"1"}')));
    expect(await loopback.gateway.cancelPayment({ merchantOrderNo: no })).toMatchObject({
      kind: 'answered',
      value: null
    });
  });

  it("about a refund is counted in the refund's own currency", async () => {
    loopback.answerWith(
      says(
        success(
          '{"trans_no":"8","orig_trans_no":"7","trans_status":2,"order_amount":"4.5","trans_amount":4.50}'
        )
      )
    );
    const { gateway } = loopback;
    expect(await gateway.queryRefund({ merchantOrderNo: 'R1', currency: 'USD' })).toMatchObject({
      value: {
        status: 'succeeded',
        origTransNo: '7',
        currency: null,
        orderAmountMinor: 450,
        transAmountMinor: 450
      }
    });
    expect(await gateway.queryRefund({ merchantOrderNo: 'R1' })).toMatchObject({
      value: { orderAmountMinor: null }
    });
  });

  it('of a declined payment keeps the reason', async () => {
    loopback.answerWith(
      says(
        success(
          '{"trans_status":1,"trans_error_code":"E5","trans_error_msg":"Declined","trans_end_time":"0000-00-00 00:00:00"}'
        )
      )
    );
    expect(await loopback.gateway.queryPayment({ merchantOrderNo: no })).toMatchObject({
      value: { status: 'closed', errorCode: 'E5', errorMessage: 'Declined', transEndTime: null }
    });
  });
});

describe('a setting that cannot work', () => {
  it.each([
    ['no address', { url: 'gw.codepay.us' }],
    ['a file', { url: 'file:///etc/passwd' }],
    ['a password in the address', { url: 'https://a:b@gw.codepay.us' }],
    ['a query in the address', { url: 'https://gw.codepay.us?x=1' }],
    ['no time at all', { timeoutMs: 0 }],
    ['endless time', { timeoutMs: Number.POSITIVE_INFINITY }],
    ["the app's own public key", { publicKey: appPublic }]
  ])('is refused at the start: %s', (_what, change) => {
    expect(() => loopback.with(change)).toThrow(GatewayConfigError);
  });
});
