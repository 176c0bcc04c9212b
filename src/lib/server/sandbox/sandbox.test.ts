import { afterEach, describe, expect, test } from 'vitest';
import { closeShops, openShop } from './shop.fixture.ts';

afterEach(closeShops);

describe('what the code’s last two digits choose', () => {
  test('an ordinary code is paid at once, and the query tells number, amount, currency and the rest', async () => {
    const shop = await openShop();
    const answer = await shop.pay('T1', '07', { attach: 'attempt-1', terminal_sn: 'POS-01' });
    expect(answer).toMatchObject({ code: '0', verified: true, data: { trans_status: 2, paid_amount: 34.5 } });
    expect(answer.data).not.toHaveProperty('merchant_order_no');
    expect(answer.data).not.toHaveProperty('order_amount');
    const query = await shop.query('T1');
    expect(query).toMatchObject({
      code: '0',
      verified: true,
      data: {
        trans_type: 'PAY',
        trans_status: 2,
        trans_no: answer.data['trans_no'],
        merchant_no: '999000000001',
        merchant_order_no: 'T1',
        price_currency: 'USD',
        order_amount: 34.5,
        pay_method_id: 'Alipay',
        attach: 'attempt-1',
        terminal_sn: 'POS-01',
        discount_bpc: 0
      }
    });
    expect(query.data['trans_end_time']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ status: 'paid', charges: 1, keptMinor: 3450 });
  });

  test('a query finds an order by its transaction number too', async () => {
    const shop = await openShop();
    const { data } = await shop.pay('T1', '00');
    const query = await shop.call('order.query', { trans_no: String(data['trans_no']) });
    expect(query.data['merchant_order_no']).toBe('T1');
  });

  test('EMV text and the wallets that a code’s first digits name are paid', async () => {
    const shop = await openShop();
    const wallets = {
      hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8: 'QR',
      '134567890123456700': 'WeChatPay',
      '6212345678901234500': 'UnionPay',
      '9000123456789012': 'PayPay'
    };
    for (const [code, wallet] of Object.entries(wallets)) {
      expect((await shop.pay(`T-${wallet}`, '', { auth_code: code })).data['trans_status']).toBe(2);
      expect((await shop.query(`T-${wallet}`)).data['pay_method_id']).toBe(wallet);
    }
  });

  test('88 brings an offer: the shopper pays a tenth less, the shop gets all', async () => {
    const shop = await openShop();
    const { data } = await shop.pay('T1', '88');
    expect(data).toMatchObject({ trans_amount: 34.5, paid_amount: 31.05, discount_bpc: 3.45 });
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ paidMinor: 3105, keptMinor: 3450 });
  });

  test('90 asks a password and is then paid', async () => {
    const shop = await openShop();
    expect((await shop.pay('T1', '90')).data['trans_status']).toBe(0);
    shop.pass(5_000);
    expect((await shop.query('T1')).data['trans_status']).toBe(0);
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(0);
    shop.pass(1_000);
    expect((await shop.query('T1')).data['trans_status']).toBe(2);
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(1);
  });

  test('91 asks a password and is then refused', async () => {
    const shop = await openShop();
    expect((await shop.pay('T1', '91')).data['trans_status']).toBe(0);
    shop.pass(6_000);
    expect((await shop.query('T1')).data).toMatchObject({
      trans_status: 1,
      trans_error_code: 'SBX_SHOPPER_REFUSED'
    });
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(0);
  });

  test('92 is never answered: it expires, and can then be neither paid nor cancelled', async () => {
    const shop = await openShop();
    await shop.pay('T1', '92');
    shop.pass(119_999);
    expect((await shop.query('T1')).data['trans_status']).toBe(0);
    shop.pass(1);
    expect((await shop.query('T1')).data).toMatchObject({ trans_status: 1, trans_error_code: 'SBX_EXPIRED' });
    expect((await shop.cancel('T1')).code).toBe('SBX_FINAL');
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ status: 'closed', charges: 0 });
  });

  test('a password that comes after the order’s life pays nothing', async () => {
    const shop = await openShop();
    await shop.pay('T1', '90', { expires: '3' });
    shop.pass(10_000);
    expect((await shop.query('T1')).data).toMatchObject({ trans_status: 1, trans_error_code: 'SBX_EXPIRED' });
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(0);
  });

  test('93 is declined at once', async () => {
    const shop = await openShop();
    expect(await shop.pay('T1', '93')).toMatchObject({ code: '0', data: { trans_status: 1 } });
    expect((await shop.query('T1')).data).toMatchObject({
      trans_status: 1,
      trans_error_code: 'SBX_DECLINED'
    });
  });

  test.each([
    ['770193', 'SBX_WALLET_NOT_TAKEN'],
    ['770293', 'SBX_REPEAT']
  ])('%s is declined with a reason of its own', async (ending, code) => {
    const shop = await openShop();
    await shop.pay('T1', ending);
    expect((await shop.query('T1')).data).toMatchObject({ trans_status: 1, trans_error_code: code });
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(0);
  });

  test('94 is refused as an invalid code, signed, and creates nothing', async () => {
    const shop = await openShop();
    expect(await shop.pay('T1', '94')).toMatchObject({ code: 'SBX_INVALID_CODE', verified: true });
    expect((await shop.query('T1')).code).toBe('SBX_NOT_FOUND');
    expect(shop.sandbox.book.payments()).toEqual([]);
    expect(shop.sandbox.book.submits('T1')).toBe(1);
  });

  test('95 charges and cuts the connection', async () => {
    const shop = await openShop();
    await expect(shop.pay('T1', '95')).rejects.toThrow('fetch failed');
    expect((await shop.query('T1')).data['trans_status']).toBe(2);
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(1);
  });

  test('96 answers late and paid; until then a query says paying and a cancel is told to wait', async () => {
    const shop = await openShop({ timeScale: 10 });
    const answer = shop.pay('T1', '96');
    await expect.poll(() => shop.sandbox.book.payment('T1')?.status).toBe('paying');
    expect((await shop.query('T1')).data['trans_status']).toBe(0);
    expect((await shop.cancel('T1')).code).toBe('SBX_BUSY');
    expect((await answer).data['trans_status']).toBe(2);
    expect(shop.sandbox.book.payment('T1')?.charges).toBe(1);
  });

  test('97 says system error and has charged; 98 says it and has created nothing', async () => {
    const shop = await openShop();
    expect(await shop.pay('T97', '97')).toMatchObject({ code: 'SBX_SYSTEM', verified: true });
    expect((await shop.query('T97')).data['trans_status']).toBe(2);
    expect(await shop.pay('T98', '98')).toMatchObject({ code: 'SBX_SYSTEM', verified: true });
    expect((await shop.query('T98')).code).toBe('SBX_NOT_FOUND');
    expect(shop.sandbox.book.payments().map((payment) => payment.merchantOrderNo)).toEqual(['T97']);
  });

  test('99 charges and signs its answer wrong', async () => {
    const shop = await openShop();
    expect((await shop.pay('T1', '99')).verified).toBe(false);
    expect(await shop.query('T1')).toMatchObject({ verified: true, data: { trans_status: 2 } });
  });

  test('a pretended outcome is played by the next payment only', async () => {
    const shop = await openShop();
    shop.sandbox.pretend({ outcome: 'declined' });
    expect((await shop.pay('T1', '00')).data['trans_status']).toBe(1);
    expect((await shop.pay('T2', '00')).data['trans_status']).toBe(2);
  });
});

describe('one number asks for payment once', () => {
  test.each(['00', '90', '93', '94', '97', '98'])(
    'after a code ending %s the same number is a duplicate and charges nothing more',
    async (ending) => {
      const shop = await openShop();
      await shop.pay('T1', ending);
      const charges = shop.sandbox.book.payment('T1')?.charges;
      expect(await shop.pay('T1', '00')).toMatchObject({ code: 'SBX_DUPLICATE_NUMBER', verified: true });
      expect(shop.sandbox.book.payment('T1')?.charges).toBe(charges);
      expect(shop.sandbox.book.submits('T1')).toBe(2);
    }
  );

  test('twenty submits at once with one number charge once', async () => {
    const shop = await openShop();
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.pay('T1', '00')));
    expect(answers.filter((answer) => answer.code === '0')).toHaveLength(1);
    expect(shop.sandbox.book.payments()).toMatchObject([{ charges: 1, keptMinor: 3450 }]);
    expect(shop.sandbox.book.submits('T1')).toBe(20);
  });

  test('one payment code may pay two numbers', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    expect((await shop.pay('T2', '00')).data['trans_status']).toBe(2);
  });
});

describe('requests that are not let in', () => {
  const wrong = {
    'a wrong signature': [{ sign: 'AAAA' }, 'SBX_SIGNATURE'],
    'no signature': [{ sign: '' }, 'SBX_SIGNATURE'],
    'a clock 16 minutes slow': [{ timestamp: String(Date.now() - 960_000) }, 'SBX_CLOCK'],
    'a clock 16 minutes fast': [{ timestamp: String(Date.now() + 960_000) }, 'SBX_CLOCK'],
    'another app': [{ app_id: 'another' }, 'SBX_MERCHANT'],
    'another merchant': [{ merchant_no: '1' }, 'SBX_MERCHANT'],
    'another signature type': [{ sign_type: 'RSA' }, 'SBX_BAD_PARAMETER'],
    'no payment code': [{ auth_code: '' }, 'SBX_BAD_PARAMETER'],
    'text that is no payment code': [{ auth_code: '4006381333931x' }, 'SBX_INVALID_CODE'],
    'a number of 33 characters': [{ merchant_order_no: 'T'.repeat(33) }, 'SBX_BAD_PARAMETER'],
    'no currency': [{ price_currency: '' }, 'SBX_BAD_PARAMETER'],
    'an amount of nothing': [{ order_amount: '0.00' }, 'SBX_BAD_PARAMETER'],
    'more decimals than the currency has': [
      { price_currency: 'JPY', order_amount: '1200.5' },
      'SBX_BAD_PARAMETER'
    ],
    'an amount over the limit': [{ order_amount: '1000000.00' }, 'SBX_AMOUNT_LIMIT'],
    'a life that is no number': [{ expires: 'soon' }, 'SBX_BAD_PARAMETER'],
    'a notify address that is none': [{ notify_url: 'file:///etc/hosts' }, 'SBX_BAD_PARAMETER']
  } as const;

  test.each(Object.entries(wrong))(
    '%s is refused, signed, and charges nothing',
    async (_, [fields, code]) => {
      const shop = await openShop();
      expect(await shop.pay('T1', '00', fields)).toMatchObject({ code, verified: true });
      expect(shop.sandbox.book.payments()).toEqual([]);
    }
  );

  test('a method it does not have, and a body that is no JSON object of strings, are bad parameters', async () => {
    const shop = await openShop();
    expect((await shop.call('order.list', {})).code).toBe('SBX_BAD_PARAMETER');
    for (const body of ['nonsense', '[]', '{"order_amount":1}']) {
      const response = await fetch(`${shop.sandbox.url}/api/entry`, { method: 'POST', body });
      expect(await response.json()).toMatchObject({ code: 'SBX_BAD_PARAMETER' });
    }
    expect((await fetch(shop.sandbox.url)).status).toBe(404);
  });

  test('currencies without decimals and with three keep their amounts', async () => {
    const shop = await openShop();
    await shop.pay('T-JPY', '00', { price_currency: 'JPY', order_amount: '1200' });
    await shop.pay('T-KWD', '00', { price_currency: 'KWD', order_amount: '1.250' });
    expect((await shop.query('T-JPY')).data['order_amount']).toBe(1200);
    expect((await shop.query('T-KWD')).data['order_amount']).toBe(1.25);
    expect(shop.sandbox.book.payments().map((payment) => payment.amountMinor)).toEqual([1200, 1250]);
  });
});
