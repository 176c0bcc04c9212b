/**
 * Whether this server can take money: what `/healthz` answers.
 *
 * `down` where nothing can be written down, because then nothing may be sent; a load balancer then asks another instance.
 * `degraded` where sales go on but somebody should look: the gateway does not answer, or questions are late.
 */
import type { Ledger } from '../ledger/ledger';
import type { GatewaySeen, GatewayWatch } from './gateway-watch';

export type Check = 'ok' | 'failed' | 'unknown';

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly checks: {
    /** A row was written and committed. */
    readonly database: Check;
    /** Nothing that is due waits for the worker. */
    readonly worker: Check;
    /** How the last call went; `unknown` where there was none lately. */
    readonly gateway: Check;
  };
}

export interface HealthDesk {
  /** Looks at most every few seconds, however often it is asked. */
  read(): Promise<Health>;
}

/** Anybody may ask: a look that writes must not become a way to wear the disk out. */
const lookAgainMs = 5_000;
/** Work this late means that the worker stands still: it looks every few seconds by itself. */
const lateMs = 60_000;
/** An older call says nothing about now. */
const gatewayWordMs = 15 * 60_000;

export function createHealthDesk({
  ledger,
  gateway,
  monotonicNow = () => performance.now()
}: {
  readonly ledger: Ledger;
  readonly gateway: GatewayWatch;
  /** Milliseconds from any beginning, never set back. */
  readonly monotonicNow?: () => number;
}): HealthDesk {
  let looked: { readonly health: Promise<Health>; readonly atMs: number } | null = null;
  return {
    read() {
      const now = monotonicNow();
      if (looked === null || now - looked.atMs >= lookAgainMs) {
        looked = { health: look({ ledger, gateway }), atMs: now };
      }
      return looked.health;
    }
  };
}

async function look({
  ledger,
  gateway
}: {
  readonly ledger: Ledger;
  readonly gateway: GatewayWatch;
}): Promise<Health> {
  const database = await check(() => writeSomething(ledger));
  const worker = database === 'ok' ? await check(async () => (await lateRows(ledger)) === 0) : 'unknown';
  const reached = wordOf(lately(gateway, ledger.nowMs()));
  const status =
    database === 'failed' ? 'down' : worker === 'failed' || reached === 'failed' ? 'degraded' : 'ok';
  return { status, checks: { database, worker, gateway: reached } };
}

function lately({ last }: GatewayWatch, nowMs: number): GatewaySeen | null {
  return last !== null && nowMs - last.atMs < gatewayWordMs ? last : null;
}

function wordOf(seen: GatewaySeen | null): Check {
  return seen === null ? 'unknown' : seen.outcome === 'answered' ? 'ok' : 'failed';
}

async function check(holds: () => Promise<boolean>): Promise<Check> {
  try {
    return (await holds()) ? 'ok' : 'failed';
  } catch {
    return 'failed';
  }
}

/** A full disk can still be read: only a commit says that the next payment can be written down. */
async function writeSomething(ledger: Ledger): Promise<boolean> {
  const value = String(ledger.nowMs());
  await ledger.db
    .insertInto('stamp')
    .values({ key: 'health_checked_at_ms', value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
  return true;
}

/** Open payments and refunds that are due for long and that nobody holds. */
export async function lateRows(ledger: Ledger): Promise<number> {
  const before = ledger.nowMs() - lateMs;
  let late = 0;
  for (const table of ['attempts', 'refunds'] as const) {
    const { count } = await ledger.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number | string>().as('count'))
      .where('next_due_at_ms', '<', before)
      .where((where) => where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<', before)]))
      .executeTakeFirstOrThrow();
    late += Number(count);
  }
  return late;
}
