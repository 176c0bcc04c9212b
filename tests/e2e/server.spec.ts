import { americano, ApiRegister, newId } from '../support/api.ts';
import { expect, test } from '../support/fixtures.ts';
import { postWebhook, signedWebhook } from '../support/webhook.ts';

test.describe('a webhook', () => {
  for (const [kind, contentType, encode] of [
    ['JSON', 'application/json; charset=utf-8', (fields) => JSON.stringify(fields)],
    ['a form', 'application/x-www-form-urlencoded', (fields) => new URLSearchParams(fields).toString()],
    ['plain text', 'text/plain', (fields) => JSON.stringify(fields)],
    ['a body of no type', null, (fields) => JSON.stringify(fields)]
  ] as readonly [string, string | null, (fields: Record<string, string>) => string][]) {
    test(`#28 as ${kind}, signed and without an Origin, is kept and answered with success, twice`, async ({
      till
    }) => {
      const register = await ApiRegister.signIn(till.baseURL, 'cashier');
      const { merchantOrderNo } = await register.sell();
      await expect.poll(() => inbox(merchantOrderNo)).toHaveLength(1);
      // A transaction number of its own makes it a notification that was not there before.
      const transNo = `77${Date.now()}${String(contentType?.length ?? 0)}`;
      const body = encode(signedWebhook(till, merchantOrderNo, { trans_no: transNo }));
      for (const sent of [1, 2]) {
        const answer = await postWebhook(till, body, contentType);
        expect([answer.status, await answer.text()]).toEqual([200, 'success']);
        expect(inbox(merchantOrderNo).filter((row) => row['trans_no'] === transNo)).toMatchObject([
          { times_received: sent, matched: 'attempt' }
        ]);
      }
      function inbox(number: string) {
        return till.ledger('SELECT * FROM inbox WHERE merchant_order_no = ? ORDER BY id', number);
      }
    });
  }

  test('is refused without a signature, with a wrong one, and for another merchant', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { merchantOrderNo } = await register.sell();
    await expect
      .poll(() => till.ledger('SELECT 1 FROM inbox WHERE merchant_order_no = ?', merchantOrderNo).length)
      .toBe(1);
    const good = signedWebhook(till, merchantOrderNo, { trans_no: 'forged' });
    const { sign, ...unsigned } = good;
    const wrong = { ...good, sign: sign?.replace(/^../, 'AA') };
    const changed = { ...good, order_amount: '999.00' };
    const stranger = signedWebhook(till, merchantOrderNo, { merchant_no: '1', trans_no: 'forged' });
    for (const body of [unsigned, wrong, changed, stranger, {}]) {
      const answer = await postWebhook(till, JSON.stringify(body), 'application/json');
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toBe('success');
    }
    expect(till.ledger("SELECT 1 FROM inbox WHERE trans_no = 'forged'")).toEqual([]);
  });

  test('that claims "paid" moves no state: only the gateway’s own answer does', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    await register.sell();
    const { attemptId, merchantOrderNo, state } = await register.sell('declined');
    expect(state).toBe('failed');
    const body = JSON.stringify(signedWebhook(till, merchantOrderNo));
    const answer = await postWebhook(till, body, 'application/json');
    expect(await answer.text()).toBe('success');
    const asked = () =>
      till.ledger('SELECT state, last_asked_at_ms FROM attempts WHERE id = ?', attemptId)[0] ?? {};
    const before = Number(asked()['last_asked_at_ms']);
    await expect.poll(() => Number(asked()['last_asked_at_ms'])).toBeGreaterThan(before);
    expect(asked()['state']).toBe('failed');
  });
});

test.describe('a request that changes something', () => {
  test('is refused from a foreign page, from no page, and across sites', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('paid');
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: till.baseURL.replace('http:', 'https:') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' }
    ]) {
      const answer = await register.post('/api/payments', request, headers);
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'wrong_origin' });
    }
    const withoutOrigin = await fetch(`${till.baseURL}/api/payments`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json' }
    });
    expect(withoutOrigin.status).toBe(403);
    expect(till.ledger('SELECT 1 FROM attempts WHERE id = ?', request.attemptId)).toEqual([]);
  });

  test('and moves money is refused from a page of another version', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('paid');
    const answer = await register.post('/api/payments', request, { 'till-contract': '0' });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'contract_changed' });
    expect(till.ledger('SELECT 1 FROM attempts WHERE id = ?', request.attemptId)).toEqual([]);
  });
});

test.describe('money', () => {
  test('is asked for once, however often the same request arrives', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('slow');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => register.post('/api/payments', request))
    );
    for (const answer of answers) expect(answer.status).toBe(202);
    const facts = await register.ended((await answers[0]?.json()) as Parameters<typeof register.ended>[0]);
    expect(facts.state).toBe('succeeded');
    expect(till.book().submits(facts.merchantOrderNo)).toBe(1);
    expect(till.book().payment(facts.merchantOrderNo)).toMatchObject({ charges: 1 });

    const other = await register.post('/api/payments', { ...request, paymentCode: '281234567890123400' });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: 'attempt_conflict' });
  });

  test('is not asked for twice at the same time, nor again when the order is paid', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('passwordThenPaid');
    const first = await register.post('/api/payments', request);
    const busy = await register.post('/api/payments', { ...request, attemptId: newId() });
    expect(busy.status).toBe(409);
    expect(await busy.json()).toMatchObject({ code: 'order_busy' });
    const facts = await register.ended((await first.json()) as Parameters<typeof register.ended>[0]);
    expect(facts.state).toBe('succeeded');
    const paid = await register.post('/api/payments', { ...request, attemptId: newId() });
    expect(paid.status).toBe(409);
    expect(await paid.json()).toMatchObject({ code: 'already_paid' });
  });

  test('takes the server’s price, never the page’s', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('paid', [{ ...americano, priceMinor: 1 }]);
    const answer = await register.post('/api/payments', request);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'price_changed', extra: { totalMinor: 320 } });
    expect(till.ledger('SELECT 1 FROM attempts WHERE id = ?', request.attemptId)).toEqual([]);
  });

  test('is never asked for by an attempt that was shut before it arrived', async ({ till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('paid');
    const shut = await register.post(`/api/payments/${request.attemptId}/void`, {
      orderId: request.orderId
    });
    expect(shut.status).toBe(200);
    const late = await register.post('/api/payments', request);
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ code: 'attempt_void' });
  });
});

test('signing in is refused after too many tries, and says for how long', async ({ till }) => {
  const tries = [];
  for (let count = 0; count < 12; count += 1) {
    tries.push(
      await fetch(`${till.baseURL}/api/auth/sign-in/username`, {
        method: 'POST',
        headers: { origin: till.baseURL, 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'nobody', password: `guess ${count}` })
      })
    );
  }
  const statuses = tries.map(({ status }) => status);
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses.slice(10)).toEqual([429, 429]);
  const last = tries.at(-1);
  expect(await last?.json()).toMatchObject({ code: 'too_many_tries' });
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
});
