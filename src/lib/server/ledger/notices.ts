/**
 * Tells the other instances on one PostgreSQL database which ids changed, by NOTIFY, and hears of theirs, by LISTEN.
 * Ids only: what changed is read from the ledger. A notice may be lost, so whoever waits also looks from time to time.
 */
import type { Client } from 'pg';

export interface Notices {
  /** Sends this to the other instances, soon and without a promise. */
  publish(text: string): void;
  /** Hears what other instances published. @returns what ends it */
  subscribe(listener: (text: string) => void): () => void;
}

export interface OpenNotices extends Notices {
  /** Ends once it listens, or failed to; for tests. */
  readonly listening: () => boolean;
  close(): Promise<void>;
}

const channel = 'till_changes';
const mostWaitMs = 5000;
/** PostgreSQL takes 8,000 bytes at most. */
const mostBytes = 7000;

/**
 * @param options.connect opens a connection of its own, which is kept
 * @param options.send runs `pg_notify` on any connection
 * @param options.self a name for this instance: what comes back from itself is not heard
 */
export function openNotices(options: {
  self: string;
  connect: () => Promise<Client>;
  send: (channel: string, payload: string) => Promise<void>;
}): OpenNotices {
  const { self, connect, send } = options;
  const listeners = new Set<(text: string) => void>();
  const unsent = new Set<string>();
  let sending: Promise<void> | null = null;
  let client: Client | null = null;
  let closed = false;
  let failures = 0;
  let resume: (() => void) | null = null;

  const hear = (payload: string | undefined): void => {
    const [from, ...texts] = (payload ?? '').split('\n');
    if (from === self) return;
    for (const text of texts) for (const listener of [...listeners]) listener(text);
  };

  /** One connection after the other, each until it breaks. */
  async function listen(): Promise<void> {
    while (!closed) {
      try {
        const opened = await connect();
        const ended = new Promise<void>((resolve) => {
          opened.on('error', () => resolve());
          opened.on('end', () => resolve());
        });
        opened.on('notification', ({ payload }) => hear(payload));
        await opened.query(`LISTEN ${channel}`);
        client = opened;
        failures = 0;
        if (closed) await opened.end();
        await ended;
        await opened.end().catch(() => undefined);
      } catch {
        failures += 1;
      }
      client = null;
      if (!closed) await pause(Math.min(mostWaitMs, 50 * 2 ** failures));
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** What gathers while one notice is on its way goes with the next. */
  async function sendAll(): Promise<void> {
    while (unsent.size > 0) {
      let payload = self;
      for (const text of [...unsent]) {
        if (payload.length + text.length + 1 > mostBytes) break;
        payload += `\n${text}`;
        unsent.delete(text);
      }
      // A notice that is lost is made good by polling.
      await send(channel, payload).catch(() => undefined);
    }
    sending = null;
  }

  const loop = listen();
  return {
    publish(text) {
      if (closed || text.length > mostBytes - self.length - 1) return;
      unsent.add(text);
      sending ??= Promise.resolve().then(sendAll);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listening: () => client !== null,
    async close() {
      closed = true;
      listeners.clear();
      resume?.();
      await client?.end().catch(() => undefined);
      await loop;
      await sending;
    }
  };
}
