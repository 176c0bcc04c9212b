/**
 * What changes on the server, heard once per browser: one tab leads and holds the stream, the others hear it from there.
 *
 *   waiting for the lock ──lock──> connecting ──hello──> open
 *                                      ^                   │ ended, silent, cut
 *                                      └───── pausing <────┘
 *
 * A stream says only what changed. What changed while there was none is not told: after every (re)connect everything that
 * is shown is asked for again. Without Web Locks or a channel between tabs there is no stream, and pages go on asking.
 */
import * as v from 'valibot';
import { changeSchema, helloSchema, type Change } from '$lib/wire/changes';
import { readStreamEvents } from './change-stream-events';
import { delay, type Clock } from './ports';

/** `everything`: a stream is open from here on, ask for all you show. `lost`: there is none any more. */
export type News =
  { readonly kind: 'everything' | 'lost' } | { readonly kind: 'change'; readonly change: Change };

/** What a page knows of the stream. */
export interface Changes {
  /** True while a stream is open, here or in the tab that leads. */
  readonly live: boolean;
  /** @returns what ends it */
  subscribe(listener: (news: News) => void): () => void;
}

/** A `BroadcastChannel`, as far as it is used. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  close(): void;
}

/** `navigator.locks`, as far as it is used. */
export interface TabLocks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>;
}

export interface ChangeStreamParts {
  /** `GET /api/changes` */
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly locks: TabLocks | null;
  readonly openChannel: (() => TabChannel) | null;
  readonly clock: Clock;
  /** 0 up to, but not, 1. */
  readonly random: () => number;
}

const lockName = 'till-changes';
/** A server that says nothing about its heartbeat. */
const usualHeartbeatMs = 15_000;
const silentAfterBeats = 2.5;
const openWithinMs = 10_000;
const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** A stream that ends sooner is no sign that all is well again. */
const steadyAfterMs = 5_000;

const tabMessageSchema = v.variant('type', [
  v.object({ type: v.picklist(['who', 'beat', 'open', 'closed']) }),
  v.object({ type: v.literal('change'), change: changeSchema })
]);
type TabMessage = v.InferOutput<typeof tabMessageSchema>;

export class ChangeStream implements Changes {
  readonly #parts: ChangeStreamParts;
  readonly #listeners = new Set<(news: News) => void>();
  #running: { readonly ended: AbortController; readonly done: Promise<void> } | null = null;
  #channel: TabChannel | null = null;
  #leads = false;
  #live = false;
  #heartbeatMs = usualHeartbeatMs;
  #calmSilence: () => void = () => undefined;

  constructor(parts: ChangeStreamParts) {
    this.#parts = parts;
  }

  get live(): boolean {
    return this.#live;
  }
  /** True in the one tab that holds the stream, or tries to. */
  get leads(): boolean {
    return this.#leads;
  }

  subscribe(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#running !== null) return;
    const ended = new AbortController();
    this.#running = { ended, done: this.#run(ended.signal) };
  }

  /** Ends when nothing of it is left: no connection, no lock, no timer. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.ended.abort();
    await running?.done;
    if (this.#running === running) this.#running = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { locks, openChannel, clock } = this.#parts;
    if (locks === null || openChannel === null) return;
    const channel = openChannel();
    const hear = (event: MessageEvent<unknown>): void => {
      const message = v.safeParse(tabMessageSchema, event.data);
      if (message.success) this.#hearTab(message.output);
    };
    channel.addEventListener('message', hear);
    this.#channel = channel;
    try {
      channel.postMessage({ type: 'who' });
      while (!signal.aborted) {
        // Refused or stolen: no reason to stop hearing what another tab says.
        await locks.request(lockName, { signal }, () => this.#lead(signal)).catch(() => undefined);
        await delay({ clock, ms: longestPauseMs, signal });
      }
    } finally {
      this.#calmSilence();
      this.#lose();
      channel.removeEventListener('message', hear);
      channel.close();
      this.#channel = null;
    }
  }

  async #lead(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#parts;
    this.#leads = true;
    // What the tab that led before held is gone with it.
    this.#tell({ type: 'closed' });
    let failures = 0;
    try {
      while (!signal.aborted) {
        const openMs = await this.#listen(signal);
        this.#tell({ type: 'closed' });
        failures = openMs !== null && openMs >= steadyAfterMs ? 0 : failures + 1;
        const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
        await delay({ clock, ms: pauseMs * (0.5 + random() / 2), signal });
      }
    } finally {
      this.#leads = false;
    }
  }

  /** One connection, from its request to its end. @returns for how long it was open; null: it never was */
  async #listen(signal: AbortSignal): Promise<number | null> {
    const { clock, open } = this.#parts;
    const attempt = new AbortController();
    const cut = (): void => attempt.abort();
    signal.addEventListener('abort', cut);
    let calm = clock.after(openWithinMs, cut);
    let openedAtMs: number | null = null;
    try {
      const response = await open(attempt.signal);
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || response.body === null || !type.startsWith('text/event-stream')) return null;
      for await (const event of readStreamEvents(response.body)) {
        if (attempt.signal.aborted) break;
        if (openedAtMs === null && event.name === 'hello') {
          openedAtMs = clock.monotonic();
          this.#heartbeatMs = heartbeatOf(event.data);
          this.#tell({ type: 'open' });
        } else if (openedAtMs !== null) {
          const change = event.name === 'change' ? changeOf(event.data) : null;
          this.#tell(change === null ? { type: 'beat' } : { type: 'change', change });
        }
        calm();
        calm = clock.after(this.#heartbeatMs * silentAfterBeats, cut);
      }
    } catch {
      // Cut, refused or broken: the next attempt is the answer to all of them.
    } finally {
      calm();
      signal.removeEventListener('abort', cut);
      cut();
    }
    return openedAtMs === null ? null : clock.monotonic() - openedAtMs;
  }

  /** Says to the other tabs what happened to the stream, and here. */
  #tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
    this.#take(message);
  }

  #hearTab(message: TabMessage): void {
    if (message.type === 'who') {
      if (this.#leads && this.#live) this.#channel?.postMessage({ type: 'beat' });
      return;
    }
    if (this.#leads) return;
    this.#calmSilence();
    this.#take(message);
    // A leading tab that was frozen says nothing, not even that it has lost its stream.
    if (this.#live) {
      const silentMs = this.#heartbeatMs * silentAfterBeats;
      this.#calmSilence = this.#parts.clock.after(silentMs, () => this.#lose());
    }
  }

  #take(message: TabMessage): void {
    if (message.type === 'closed') {
      this.#lose();
    } else if (message.type === 'open' || !this.#live) {
      this.#live = true;
      this.#emit({ kind: 'everything' });
    } else if (message.type === 'change') {
      this.#emit({ kind: 'change', change: message.change });
    }
  }

  #lose(): void {
    if (!this.#live) return;
    this.#live = false;
    this.#emit({ kind: 'lost' });
  }

  #emit(news: News): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}

function heartbeatOf(data: string): number {
  const hello = v.safeParse(helloSchema, parse(data));
  return hello.success && hello.output.heartbeatMs > 0 ? hello.output.heartbeatMs : usualHeartbeatMs;
}

function changeOf(data: string): Change | null {
  const change = v.safeParse(changeSchema, parse(data));
  return change.success ? change.output : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
