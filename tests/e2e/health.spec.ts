import { ApiRegister } from '../support/api.ts';
import { expect, test, usualTimeScale } from '../support/fixtures.ts';

const token = 'a-token-for-the-tests';
test.use({ tillSettings: { timeScale: usualTimeScale, env: { METRICS_TOKEN: token } } });

test('the health page says that money can be taken, and that the gateway answers', async ({ till }) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  await register.sell();
  await expect
    .poll(async () => {
      const answer = await fetch(`${till.baseURL}/healthz`);
      return [answer.status, await answer.json()];
    })
    .toEqual([200, { status: 'ok', checks: { database: 'ok', worker: 'ok', gateway: 'ok' } }]);
});

test('the figures for Prometheus are for the token only, and hold no number of an order or a payment', async ({
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const { attemptId, merchantOrderNo } = await register.sell();
  expect((await fetch(`${till.baseURL}/metrics`)).status).toBe(404);
  const answer = await fetch(`${till.baseURL}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).toMatch(
    /till_gateway_call_seconds_count\{method="bscanc\.pay\.submit",outcome="answered"\} \d/
  );
  expect(text).toMatch(
    /till_http_request_seconds_count\{method="POST",route="\/api\/payments",status="20\d"\} \d/
  );
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain(attemptId);
  expect(text).not.toContain(merchantOrderNo);
});
