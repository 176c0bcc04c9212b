/**
 * One writer: of all tabs of this browser one writes the journal, charges, and owns the scanners. The others read.
 *
 *   starting ──free──> writing ──handed over, stolen──> reading
 *      └──held by another tab──> reading ──freed, granted, silent for 10 s──> writing
 *
 * A tab that was frozen and robbed finds out when it wakes. Until then it believes that it writes: that is why every
 * writer has a number, which the journal's transactions and the server check.
 */
import { delay, type Clock, type NewId } from './ports';
import type { HeldLock, TabChannel, TabMessage, Tabs } from './tabs';

export type WriterState = 'starting' | 'writing' | 'reading';

/** What asking the other tab came to; null: not asked, or done. */
export type TakeoverState = 'asking' | 'payment_at_counter' | 'silent';

export interface WriterParts {
  readonly tabs: Tabs;
  readonly clock: Clock;
  readonly newId: NewId;
  /** False while a payment is at the counter: the tab keeps it. */
  readonly mayHandOver: () => boolean;
  /** Finishes what is being written; the lock goes afterwards. */
  readonly finish: () => Promise<void>;
  /** The state has changed. */
  readonly onChange: () => void;
}

const pingEveryMs = 2000;
/** Without a sign of life for so long, the lock may be stolen. */
const silentAfterMs = 10_000;
const unheardPings = silentAfterMs / pingEveryMs;

export class Writer {
  readonly #parts: WriterParts;
  #gone = new AbortController();
  #waiting = new AbortController();
  #holding = new AbortController();
  #lock: HeldLock | null = null;
  #channel: TabChannel | null = null;
  #unheard = 0;
  #question: string | null = null;

  #state = $state<WriterState>('starting');
  #takeover = $state<TakeoverState | null>(null);

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#gone.abort();
  }

  get state(): WriterState {
    return this.#state;
  }
  /** True where this tab writes the journal, charges, and may open scanners. */
  get isWriter(): boolean {
    return this.#state === 'writing';
  }
  /** Aborted when this tab stops being the writer: scanners close then. Null where it is not. */
  get held(): AbortSignal | null {
    return this.isWriter ? this.#holding.signal : null;
  }
  get takeover(): TakeoverState | null {
    return this.#takeover;
  }

  /** Takes the lock where it is free, else waits for it. */
  async start(): Promise<void> {
    if (!this.#gone.signal.aborted) return;
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#channel = this.#parts.tabs.openChannel((message) => this.#hear(message));
    const lock = await this.#parts.tabs.lock.take('if_free', signal);
    if (signal.aborted) lock?.release();
    else if (lock !== null) this.#become(lock);
    else this.#read();
  }

  stop(): void {
    this.#gone.abort();
    this.#waiting.abort();
    this.#holding.abort();
    this.#lock?.release();
    this.#lock = null;
    this.#channel?.close();
    this.#channel = null;
    this.#state = 'starting';
    this.#takeover = null;
  }

  /**
   * "Sell here": asks the tab that writes. It refuses while a payment is at its counter; where it shows no sign of life
   * for ten seconds, the lock is taken from it.
   */
  takeOver(): void {
    if (this.#state !== 'reading' || this.#takeover === 'asking') return;
    this.#takeover = 'asking';
    this.#question = this.#parts.newId();
    this.#say({ kind: 'ask', id: this.#question });
    if (this.#unheard >= unheardPings) void this.#steal();
  }

  #hear(message: TabMessage): void {
    if (message.kind === 'ping') {
      if (this.isWriter) this.#say({ kind: 'pong' });
      return;
    }
    if (message.kind === 'ask') {
      if (this.isWriter) void this.#handOver(message.id);
      return;
    }
    if (message.kind === 'pong') {
      this.#unheard = 0;
      if (this.#takeover === 'silent') this.#takeover = null;
      return;
    }
    if (this.#takeover !== 'asking' || message.id !== this.#question) return;
    if (message.kind === 'granted') void this.#steal();
    else this.#takeover = 'payment_at_counter';
  }

  async #handOver(id: string): Promise<void> {
    if (!this.#parts.mayHandOver()) {
      this.#say({ kind: 'refused', id });
      return;
    }
    const lock = this.#lock;
    // from here on nothing new begins; what was begun is written down before the other tab reads it
    this.#letGo();
    await this.#parts.finish();
    lock?.release();
    this.#say({ kind: 'granted', id });
    this.#read();
  }

  async #steal(): Promise<void> {
    this.#waiting.abort();
    const lock = await this.#parts.tabs.lock.take('steal', this.#gone.signal);
    if (lock === null) this.#read();
    else if (this.#gone.signal.aborted) lock.release();
    else this.#become(lock);
  }

  #become(lock: HeldLock): void {
    this.#waiting.abort();
    if (lock.lost.aborted) {
      // got and lost again before this tab heard of it
      this.#read();
      return;
    }
    this.#lock = lock;
    this.#holding = new AbortController();
    this.#takeover = null;
    this.#question = null;
    lock.lost.addEventListener(
      'abort',
      () => {
        if (this.#lock !== lock) return;
        this.#letGo();
        this.#read();
      },
      { once: true }
    );
    this.#set('writing');
  }

  #letGo(): void {
    this.#lock = null;
    this.#holding.abort();
    this.#set('reading');
  }

  /** Waits until the lock is free, and listens for signs of life of who holds it. */
  #read(): void {
    if (this.#gone.signal.aborted) return;
    this.#set('reading');
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    void this.#parts.tabs.lock.take('wait', signal).then((lock) => {
      if (lock === null) return;
      if (signal.aborted) lock.release();
      else this.#become(lock);
    });
    void this.#listen(signal);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    this.#unheard = 0;
    while (!signal.aborted) {
      // counted in pings, not in time: a tab that slept itself has heard nothing either
      this.#unheard += 1;
      this.#say({ kind: 'ping' });
      await delay({ clock: this.#parts.clock, ms: pingEveryMs, signal });
      if (signal.aborted) return;
      if (this.#unheard < unheardPings) continue;
      if (this.#takeover === 'asking') void this.#steal();
      else this.#takeover = 'silent';
    }
  }

  #say(message: TabMessage): void {
    this.#channel?.say(message);
  }

  #set(state: WriterState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#parts.onChange();
  }
}
