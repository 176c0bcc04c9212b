/** Figures for Prometheus. Names of routes, methods and states only: no number, no person, no code. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { openAttemptStates, openRefundStates } from '$lib/payment/states';
import type { GatewayLogEntry } from '../gateway/client';
import type { Ledger } from '../ledger/ledger';
import { outcomeOf } from './gateway-watch';
import { lateRows } from './health';

export interface Metrics {
  gatewayCalled(entry: GatewayLogEntry): void;
  /** @param route the route's id, never the address: it may hold numbers */
  requestAnswered(answer: {
    readonly method: string;
    readonly route: string | null;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  /** Prometheus' text format. */
  read(): Promise<{ readonly text: string; readonly contentType: string }>;
}

const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics({ ledger }: { readonly ledger: Ledger }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const calls = new Histogram({
    name: 'till_gateway_call_seconds',
    help: 'Calls to the gateway, by method and by how they ended.',
    labelNames: ['method', 'outcome'],
    buckets: secondsBuckets,
    registers
  });
  const requests = new Histogram({
    name: 'till_http_request_seconds',
    help: 'Requests answered, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers
  });
  const scrapeFailures = new Counter({
    name: 'till_ledger_read_failures_total',
    help: 'How often the ledger could not be read for these figures.',
    registers
  });
  const open = new Gauge({
    name: 'till_open',
    help: 'Payments and refunds whose end is not known yet, by state.',
    labelNames: ['subject', 'state'],
    registers
  });
  const late = new Gauge({
    name: 'till_late',
    help: 'Open payments and refunds that should have been asked about a minute ago. Above 0: the worker stands still.',
    registers
  });
  const tasks = new Gauge({
    name: 'till_tasks',
    help: 'What a manager must look at, by kind.',
    labelNames: ['kind'],
    registers
  });

  async function readLedger(): Promise<void> {
    for (const [subject, table, states] of [
      ['payment', 'attempts', openAttemptStates],
      ['refund', 'refunds', openRefundStates]
    ] as const) {
      const rows = await ledger.db
        .selectFrom(table)
        .select((eb) => ['state', eb.fn.countAll<number | string>().as('count')])
        .where('state', 'in', [...states])
        .groupBy('state')
        .execute();
      const counts = new Map<string, number>(rows.map(({ state, count }) => [state, Number(count)]));
      for (const state of states) open.set({ subject, state }, counts.get(state) ?? 0);
    }
    late.set(await lateRows(ledger));
    tasks.reset();
    const rows = await ledger.db
      .selectFrom('tasks')
      .select((eb) => ['kind', eb.fn.countAll<number | string>().as('count')])
      .where('done_at_ms', 'is', null)
      .groupBy('kind')
      .execute();
    for (const { kind, count } of rows) tasks.set({ kind }, Number(count));
  }

  return {
    gatewayCalled(entry) {
      calls.observe({ method: entry.method, outcome: outcomeOf(entry) }, entry.durationMs / 1000);
    },
    requestAnswered({ method, route, status, durationMs }) {
      requests.observe({ method, route: route ?? 'none', status: String(status) }, durationMs / 1000);
    },
    async read() {
      try {
        await readLedger();
      } catch {
        // the figures of the process are worth having, most of all when the database is not there
        scrapeFailures.inc();
      }
      return { text: await registry.metrics(), contentType: registry.contentType };
    }
  };
}
