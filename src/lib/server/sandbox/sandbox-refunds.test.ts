import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { closeShops, isFromGateway, openNotifyAddress, openShop, testFolder } from './shop.fixture.ts';

afterEach(closeShops);

describe('cancelling', () => {
  test('an unpaid order is shut: the shopper can no longer pay it, and a second cancel is fine', async () => {
    const shop = await openShop();
    await shop.pay('T1', '90');
    expect(await shop.cancel('T1')).toMatchObject({ code: '0', data: {}, verified: true });
    expect((await shop.cancel('T1')).code).toBe('0');
    shop.pass(60_000);
    expect((await shop.query('T1')).data['trans_status']).toBe(3);
    expect(shop.sandbox.book.payment('T1')).toMatchObject({
      status: 'cancelled',
      charges: 0,
      reversedMinor: 0
    });
  });

  test('a paid order is given back to the shopper, once', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    await shop.cancel('T1');
    await shop.cancel('T1');
    expect((await shop.query('T1')).data['trans_status']).toBe(3);
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ charges: 1, reversedMinor: 3450, keptMinor: 0 });
  });

  test('an unknown order is not found; a declined or partly refunded one is final', async () => {
    const shop = await openShop();
    expect((await shop.cancel('T1')).code).toBe('SBX_NOT_FOUND');
    await shop.pay('T2', '93');
    expect((await shop.cancel('T2')).code).toBe('SBX_FINAL');
    await shop.pay('T3', '00');
    await shop.refund('R1', 'T3', '1.00');
    expect((await shop.cancel('T3')).code).toBe('SBX_FINAL');
  });
});

describe('refunding', () => {
  test('a refund is on its way for three seconds, then arrived', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    const answer = await shop.refund('R1', 'T1', '4.25');
    expect(answer).toMatchObject({ code: '0', verified: true, data: { trans_amount: 4.25 } });
    expect((await shop.queryRefund('R1')).data['trans_status']).toBe(0);
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ refundingMinor: 425, refundedMinor: 0 });
    shop.pass(3_000);
    expect((await shop.queryRefund('R1')).data).toMatchObject({
      trans_status: 2,
      trans_no: answer.data['trans_no'],
      orig_trans_no: shop.sandbox.book.payment('T1')?.transNo,
      merchant_order_no: 'R1',
      order_amount: 4.25
    });
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ refundedMinor: 425, keptMinor: 3025 });
    expect(shop.sandbox.book.refund('R1')).toMatchObject({ status: 'refunded', amountMinor: 425 });
  });

  test('refunds together are never more than was paid, those on their way counted', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    const answers = await Promise.all(
      ['R1', 'R2', 'R3', 'R4'].map((number) => shop.refund(number, 'T1', '11.50'))
    );
    expect(answers.map((answer) => answer.code).sort()).toEqual(['0', '0', '0', 'SBX_BAD_PARAMETER']);
    shop.pass(3_000);
    expect(shop.sandbox.book.payment('T1')).toMatchObject({ refundedMinor: 3450, keptMinor: 0 });
    expect((await shop.query('T1')).data['trans_status']).toBe(2);
  });

  test('a refund’s number is its own: asked twice, or already a payment’s, it is a duplicate', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    await shop.refund('R1', 'T1', '1.00');
    expect((await shop.refund('R1', 'T1', '1.00')).code).toBe('SBX_DUPLICATE_NUMBER');
    expect((await shop.refund('T1', 'T1', '1.00')).code).toBe('SBX_DUPLICATE_NUMBER');
    expect((await shop.pay('R1', '00')).code).toBe('SBX_DUPLICATE_NUMBER');
    expect(shop.sandbox.book.refunds()).toHaveLength(1);
    expect(shop.sandbox.book.refundSubmits('R1')).toBe(2);
  });

  test('what is not paid, not known or in another currency is not refunded', async () => {
    const shop = await openShop();
    await shop.pay('T-paying', '92');
    await shop.pay('T-declined', '93');
    await shop.pay('T-yen', '00', { price_currency: 'JPY', order_amount: '1200' });
    expect((await shop.refund('R1', 'T-paying', '1.00')).code).toBe('SBX_FINAL');
    expect((await shop.refund('R2', 'T-declined', '1.00')).code).toBe('SBX_FINAL');
    expect((await shop.refund('R3', 'T-yen', '1.00')).code).toBe('SBX_BAD_PARAMETER');
    expect((await shop.refund('R4', 'T-unknown', '1.00')).code).toBe('SBX_NOT_FOUND');
    expect((await shop.queryRefund('R1')).code).toBe('SBX_NOT_FOUND');
  });

  test('an amount ending in .66 meets an empty balance at first, and the same number later succeeds', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    expect((await shop.refund('R1', 'T1', '2.66')).code).toBe('SBX_BALANCE');
    expect((await shop.queryRefund('R1')).code).toBe('SBX_NOT_FOUND');
    expect((await shop.refund('R1', 'T1', '2.66')).code).toBe('0');
    shop.pass(3_000);
    expect(shop.sandbox.book.refund('R1')?.status).toBe('refunded');
  });

  test('an amount ending in .67 is refused however often it is asked for, and gives nothing back', async () => {
    const shop = await openShop();
    await shop.pay('T1', '00');
    expect((await shop.refund('R1', 'T1', '1.67')).code).toBe('SBX_BAD_PARAMETER');
    expect((await shop.refund('R2', 'T1', '1.67')).code).toBe('SBX_BAD_PARAMETER');
    expect((await shop.queryRefund('R1')).code).toBe('SBX_NOT_FOUND');
  });
});

describe('notifications', () => {
  test('are signed, carry a query’s fields, and are sent again until answered with success', async () => {
    const shop = await openShop({ timeScale: 1_000 });
    const address = await openNotifyAddress((send) => (send < 4 ? 'later' : 'success'));
    await shop.pay('T1', '00', { notify_url: address.url, attach: 'attempt-1' });
    await expect.poll(() => shop.sandbox.book.webhooks()[0]).toMatchObject({ state: 'delivered', sends: 4 });
    expect(address.received).toHaveLength(4);
    expect(address.received.every(isFromGateway)).toBe(true);
    expect(address.received[0]).toMatchObject({
      trans_type: 'PAY',
      app_id: 'till-sandbox',
      merchant_no: '999000000001',
      merchant_order_no: 'T1',
      price_currency: 'USD',
      order_amount: 34.5,
      trans_status: 2,
      attach: 'attempt-1'
    });
  });

  test('come by themselves, without any query, when a password was given and when a refund arrived', async () => {
    const shop = await openShop({ timeScale: 1_000 });
    const address = await openNotifyAddress(() => 'success');
    await shop.pay('T1', '90', { notify_url: address.url });
    await expect.poll(() => address.received.length).toBe(1);
    await shop.call('order.refund.submit', {
      merchant_order_no: 'R1',
      orig_merchant_order_no: 'T1',
      price_currency: 'USD',
      order_amount: '4.25',
      notify_url: address.url
    });
    await expect
      .poll(() => address.received[1])
      .toMatchObject({
        trans_type: 'REFUND',
        merchant_order_no: 'R1',
        orig_merchant_order_no: 'T1',
        price_currency: 'USD',
        order_amount: 4.25,
        trans_status: 2
      });
  });

  test('tell of a declined and of a cancelled payment too', async () => {
    const shop = await openShop({ timeScale: 10 });
    const address = await openNotifyAddress(() => 'success');
    await shop.pay('T1', '93', { notify_url: address.url });
    await shop.pay('T2', '92', { notify_url: address.url });
    await shop.cancel('T2');
    await expect.poll(() => address.received.map((fields) => fields['trans_status']).sort()).toEqual([1, 3]);
  });

  test('end after fifteen sends', async () => {
    const shop = await openShop({ timeScale: 100_000_000 });
    const address = await openNotifyAddress(() => 'no');
    await shop.pay('T1', '00', { notify_url: address.url });
    await expect
      .poll(() => shop.sandbox.book.webhooks()[0], { timeout: 10_000 })
      .toMatchObject({ state: 'given_up', sends: 15 });
    expect(address.received).toHaveLength(15);
  });

  test('keep their pauses: not before 5 s, and a restart goes on with them', async () => {
    const shop = await openShop({ bookPath: join(testFolder(), 'book.db') });
    const address = await openNotifyAddress((send) => (send < 2 ? 'later' : 'success'));
    await shop.pay('T1', '00', { notify_url: address.url });
    await expect.poll(() => shop.sandbox.book.webhooks()[0]?.sends).toBe(1);
    shop.pass(4_999);
    await shop.query('T1');
    expect(address.received).toHaveLength(1);
    await shop.restart();
    shop.pass(1);
    await shop.query('T1');
    await expect.poll(() => shop.sandbox.book.webhooks()[0]).toMatchObject({ state: 'delivered', sends: 2 });
  });

  test('to an address where nobody listens wait, and hold nothing up', async () => {
    const gone = await openShop();
    await gone.sandbox.close();
    const shop = await openShop();
    await shop.pay('T1', '00', { notify_url: `${gone.sandbox.url}/notify` });
    await expect.poll(() => shop.sandbox.book.webhooks()[0]).toMatchObject({ state: 'waiting', sends: 1 });
    expect((await shop.query('T1')).data['trans_status']).toBe(2);
  });
});
