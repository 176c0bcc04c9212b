/** What the tabs of one browser share: a lock that one of them holds, and a channel on which they speak. */

/** The lock, held. */
export interface HeldLock {
  /** Aborted when another tab took it away. */
  readonly lost: AbortSignal;
  release(): void;
}

export interface RegisterLock {
  /**
   * - `if_free`: null at once where another tab holds it.
   * - `wait`: when it is free; null where the signal was aborted first.
   * - `steal`: at once, from whoever holds it.
   */
  take(how: 'if_free' | 'wait' | 'steal', signal: AbortSignal): Promise<HeldLock | null>;
}

/** Speaks to all other tabs, never to itself. */
export interface TabChannel {
  say(message: TabMessage): void;
  close(): void;
}

/** `id` belongs to one question and its answer. */
export type TabMessage =
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'ask'; readonly id: string }
  | { readonly kind: 'granted' | 'refused'; readonly id: string };

export interface Tabs {
  /** Who holds it writes the journal: the till's own tabs only. */
  readonly lock: RegisterLock;
  /** Who holds it opens the scanners. */
  readonly scannerLock: RegisterLock;
  openChannel(hear: (message: TabMessage) => void): TabChannel;
}

const name = 'till-register';

/** The browser's own: Web Locks, and a BroadcastChannel under the name of the first. */
export function browserTabs(): Tabs {
  return {
    lock: { take: (how, signal) => takeWebLock(name, how, signal) },
    scannerLock: { take: (how, signal) => takeWebLock('till-scanners', how, signal) },
    openChannel(hear) {
      const channel = new BroadcastChannel(name);
      // a page that the browser froze still hears (Chromium), but does nothing else: it may not pass for one that lives
      let frozen = false;
      const listening = new AbortController();
      const { signal } = listening;
      document.addEventListener('freeze', () => (frozen = true), { signal });
      document.addEventListener('resume', () => (frozen = false), { signal });
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        const message = frozen ? null : readMessage(data);
        if (message !== null) hear(message);
      };
      return {
        say: (message) => channel.postMessage(message),
        close() {
          listening.abort();
          channel.close();
        }
      };
    }
  };
}

function takeWebLock(
  lockName: string,
  how: 'if_free' | 'wait' | 'steal',
  signal: AbortSignal
): Promise<HeldLock | null> {
  const options: LockOptions =
    how === 'wait' ? { signal } : how === 'steal' ? { steal: true } : { ifAvailable: true };
  return new Promise((resolve) => {
    const lost = new AbortController();
    let release: () => void = () => undefined;
    const released = new Promise<void>((done) => {
      release = done;
    });
    navigator.locks
      .request(lockName, options, async (lock) => {
        if (lock === null) {
          resolve(null);
          return;
        }
        resolve({ lost: lost.signal, release });
        await released;
      })
      // not waited for any more, or stolen
      .catch(() => {
        lost.abort();
        resolve(null);
      });
  });
}

/** Another tab may be of another version: what is not understood is not heard. */
function readMessage(message: unknown): TabMessage | null {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return null;
  const { kind } = message;
  if (kind === 'ping' || kind === 'pong') return { kind };
  if (!('id' in message) || typeof message.id !== 'string') return null;
  if (kind === 'ask' || kind === 'granted' || kind === 'refused') return { kind, id: message.id };
  return null;
}
