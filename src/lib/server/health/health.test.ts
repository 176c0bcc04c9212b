import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayLogEntry } from '../gateway/client';
import { openLedger, type Ledger } from '../ledger/ledger';
import { createConnectionDesk } from './connection-desk';
import { createGatewayWatch } from './gateway-watch';
import { createHealthDesk } from './health';
import { createMetrics } from './metrics';
import { isMetricsToken } from './metrics-token';

let folder = '';
let ledger: Ledger;
let nowMs = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'till-health-'));
  nowMs = Date.parse('2026-11-25T09:00:00Z');
  ledger = await openLedger({ path: join(folder, 'till.db'), now: () => nowMs });
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

function call(fault: GatewayLogEntry['fault'] = null): GatewayLogEntry {
  return {
    method: 'order.query',
    merchantOrderNo: 'T1',
    code: null,
    psn: null,
    fault,
    durationMs: 20,
    gatewayDate: null
  };
}

function desk() {
  const gateway = createGatewayWatch({ now: () => nowMs });
  let monotonic = 0;
  const health = createHealthDesk({ ledger, gateway, monotonicNow: () => monotonic });
  return {
    gateway,
    read: () => {
      monotonic += 6_000;
      return health.read();
    },
    readAtOnce: () => health.read()
  };
}

async function addTask(): Promise<void> {
  await ledger.db
    .insertInto('tasks')
    .values({ key: 'k', kind: 'alarm', attempt_id: null, order_id: null, text: 't', created_at_ms: nowMs })
    .execute();
}

describe('health', () => {
  it('is fine in a shop where nobody has paid yet, and says that it has not heard from the gateway', async () => {
    expect(await desk().read()).toEqual({
      status: 'ok',
      checks: { database: 'ok', worker: 'ok', gateway: 'unknown' }
    });
  });

  it('is degraded, not down, while the gateway gives no answer that can be believed', async () => {
    const { gateway, read } = desk();
    for (const fault of [
      'not_sent',
      'timeout',
      'broken',
      'unsigned',
      'bad_signature',
      'odd_shape'
    ] as const) {
      gateway.heard(call(fault));
      expect(await read(), fault).toMatchObject({ status: 'degraded', checks: { gateway: 'failed' } });
    }
    gateway.heard(call());
    expect(await read()).toMatchObject({ status: 'ok', checks: { gateway: 'ok' } });
  });

  it('takes an old word of the gateway for none', async () => {
    const { gateway, read } = desk();
    gateway.heard(call('timeout'));
    nowMs += 16 * 60_000;
    expect(await read()).toMatchObject({ status: 'ok', checks: { gateway: 'unknown' } });
  });

  it('is down where nothing can be written, though it can be read', async () => {
    const { read } = desk();
    await ledger.db.schema.alterTable('stamp').renameTo('stamp_away').execute();
    expect(await read()).toMatchObject({ status: 'down', checks: { database: 'failed' } });
  });

  it('looks anew only after some seconds, however often it is asked', async () => {
    const { gateway, read, readAtOnce } = desk();
    await read();
    gateway.heard(call('timeout'));
    expect(await readAtOnce()).toMatchObject({ status: 'ok' });
    expect(await read()).toMatchObject({ status: 'degraded' });
  });
});

describe('metrics', () => {
  it('count calls and requests by name and end, and tasks by kind', async () => {
    const metrics = createMetrics({ ledger });
    metrics.gatewayCalled(call('timeout'));
    metrics.gatewayCalled(call());
    metrics.requestAnswered({ method: 'GET', route: '/api/orders/[id]', status: 200, durationMs: 3 });
    await addTask();
    const { text, contentType } = await metrics.read();
    expect(contentType).toMatch(/^text\/plain/);
    expect(text).toContain('till_gateway_call_seconds_count{method="order.query",outcome="unreachable"} 1');
    expect(text).toContain('till_gateway_call_seconds_count{method="order.query",outcome="answered"} 1');
    expect(text).toContain(
      'till_http_request_seconds_count{method="GET",route="/api/orders/[id]",status="200"} 1'
    );
    expect(text).toContain('till_open{subject="payment",state="unknown"} 0');
    expect(text).toContain('till_tasks{kind="alarm"} 1');
    expect(text).toContain('till_late 0');
  });

  it('are still given when the ledger cannot be read', async () => {
    const metrics = createMetrics({ ledger });
    await ledger.db.schema.alterTable('tasks').renameTo('tasks_away').execute();
    expect((await metrics.read()).text).toContain('till_ledger_read_failures_total 1');
  });

  it('open for the token of the settings only', () => {
    const token = 'a-token-of-the-shop';
    expect(isMetricsToken({ token, authorization: `Bearer ${token}` })).toBe(true);
    for (const authorization of [null, '', token, 'Bearer ', `Bearer ${token}x`, `Basic ${token}`]) {
      expect(isMetricsToken({ token, authorization })).toBe(false);
    }
    expect(isMetricsToken({ token: null, authorization: 'Bearer null' })).toBe(false);
  });
});

describe('the connection check', () => {
  it('asks the gateway once, however often it is pressed at the same time', async () => {
    let asked = 0;
    const check = createConnectionDesk({
      gateway: {
        queryPayment: () => {
          asked += 1;
          return Promise.resolve({
            kind: 'fault',
            fault: 'not_sent',
            evidence: {
              method: 'order.query',
              psn: null,
              code: null,
              message: 'no route',
              rawSha256: null,
              httpStatus: null,
              gatewayDate: null,
              durationMs: 1
            }
          });
        }
      },
      address: 'https://gateway.example',
      training: false,
      now: () => nowMs
    });
    const [first, second] = await Promise.all([check(), check()]);
    expect(asked).toBe(1);
    expect(second).toBe(first);
    expect(first).toMatchObject({ ok: false, steps: { reach: 'bad' }, at: '2026-11-25T09:00:00.000Z' });
    await check();
    expect(asked).toBe(2);
  });
});
