/** The environment as typed configuration: the only place that knows the variables' names and rules. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Mode } from '$lib/wire/basics';
import { readGatewaySettings, type GatewaySettings, type ReadKeyFile } from './codepay';
import { originsOf, textOf, wholeNumber, type Env, type Read } from './env';

/** What the server runs by. */
export interface Config {
  readonly mode: Mode;
  /** Null in training: the built-in sandbox takes its place. */
  readonly gateway: GatewaySettings | null;
  /** The address under which the gateway reaches this server; null: no `notify_url` is sent. */
  readonly notifyOrigin: string | null;
  readonly database: DatabaseAddress;
  /** Where the server keeps its own files: its secret, the training gateway's book. Absolute. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** The usual address in the browser. */
  readonly origin: string;
  /** All addresses in the browser, the usual one first. */
  readonly origins: readonly string[];
  /** Divides every duration of the gateway's contract; 1 outside training. */
  readonly timeScale: number;
  /** Opens `/metrics`; null: there is no such page. */
  readonly metricsToken: string | null;
}

/** `path`: a SQLite file, absolute. `url`: PostgreSQL, with its password: never to be shown. */
export type DatabaseAddress = { readonly path: string } | { readonly url: string };

export type ConfigRead =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly message: string };

/**
 * Reads the whole configuration, or says in one sentence why the server must not start.
 *
 * Training where no `CODEPAY_…` setting is there; live where all that are needed are; anything between is refused.
 *
 * @param env the environment; blank settings count as missing
 * @param readKeyFile reads a PEM file; for tests
 * Source: the contract's "Environment variables"; money rule 12.
 */
export function readConfig(
  env: Env,
  readKeyFile: ReadKeyFile = (path) => readFileSync(path, 'utf8')
): ConfigRead {
  const live = readGatewaySettings({ env, readKeyFile });
  if (!live.ok) return live;
  const mode: Mode = live.value === null ? 'training' : 'live';

  const database = readDatabase(env, mode);
  if (!database.ok) return database;
  const port = wholeNumber({ env, name: 'PORT', fallback: 3000, least: 0, most: 65_535 });
  if (!port.ok) return port;
  // Our own entry hands SvelteKit one address as ORIGIN, and all of them to us.
  const asked = originsOf(env, textOf(env, 'TILL_ORIGINS') === null ? 'ORIGIN' : 'TILL_ORIGINS');
  if (!asked.ok) return asked;
  const [ownOrigin = `http://localhost:${port.value}`, ...otherOrigins] = asked.value;
  const host = textOf(env, 'HOST') ?? '127.0.0.1';
  const timeScale = readTimeScale(env, mode);
  if (!timeScale.ok) return timeScale;
  const metricsToken = readMetricsToken(env);
  if (!metricsToken.ok) return metricsToken;

  return {
    ok: true,
    config: {
      mode,
      gateway: live.value?.gateway ?? null,
      notifyOrigin:
        live.value === null ? nearOrigin({ ownOrigin, host, port: port.value }) : live.value.notifyOrigin,
      database: database.value,
      folder: 'path' in database.value ? dirname(database.value.path) : resolve(usualFolder),
      host,
      port: port.value,
      origin: ownOrigin,
      origins: [ownOrigin, ...otherOrigins],
      timeScale: timeScale.value,
      metricsToken: metricsToken.value
    }
  };
}

/** Where the training gateway, which lives in this process, reaches this server: never by a certificate of our own. */
function nearOrigin({
  ownOrigin,
  host,
  port
}: {
  readonly ownOrigin: string;
  readonly host: string;
  readonly port: number;
}): string {
  if (ownOrigin.startsWith('http:')) return ownOrigin;
  return `http://${['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host}:${port}`;
}

const usualFolder = 'data';

function readDatabase(env: Env, mode: Mode): Read<DatabaseAddress> {
  const url =
    textOf(env, 'DATABASE_URL') ?? (mode === 'live' ? 'file:data/till.db' : 'file:data/training.db');
  if (/^postgres(ql)?:/i.test(url)) {
    const named = URL.canParse(url) ? new URL(url) : null;
    if (named !== null && named.hostname !== '' && named.pathname.length > 1)
      return { ok: true, value: { url } };
    return {
      ok: false,
      message:
        'DATABASE_URL must name a host and a database, such as postgres://user:password@localhost:5432/till; special characters of a password are written as %40 and the like.'
    };
  }
  const path = /^file:(?:\/\/(?=\/))?(.+)$/i.exec(url)?.[1];
  if (path === undefined || path.startsWith(':') || path.startsWith('//') || path.includes('?')) {
    return {
      ok: false,
      message:
        'DATABASE_URL must be file: and a path, such as file:data/till.db, or postgres://user:password@host/database.'
    };
  }
  return { ok: true, value: { path: resolve(path) } };
}

function readTimeScale(env: Env, mode: Mode): Read<number> {
  const text = textOf(env, 'TILL_TIME_SCALE');
  if (text === null || text === '1') return { ok: true, value: 1 };
  if (mode === 'live') {
    return {
      ok: false,
      message:
        'TILL_TIME_SCALE is for training only; remove it, because a live gateway keeps the time of the real world.'
    };
  }
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= 1000) return { ok: true, value };
  return { ok: false, message: 'TILL_TIME_SCALE must be a number from 1 to 1000.' };
}

const leastTokenLength = 16;

function readMetricsToken(env: Env): Read<string | null> {
  const token = textOf(env, 'METRICS_TOKEN');
  if (token === null || (/^\S+$/.test(token) && token.length >= leastTokenLength)) {
    return { ok: true, value: token };
  }
  return {
    ok: false,
    message: `METRICS_TOKEN must have at least ${leastTokenLength} characters and no space: whoever has it reads how the shop runs.`
  };
}
