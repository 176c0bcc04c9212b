/** An honest twin of what the tabs of one browser share, for tests. */
import type { HeldLock, RegisterLock, TabMessage, Tabs } from './tabs';

/** The tabs of one browser: the same locks for all of them, and a channel on which a frozen one hears nothing. */
export interface FakeBrowser {
  openTab(): Tabs & { frozen: boolean };
}

export function fakeBrowser(): FakeBrowser {
  const lock = fakeLock();
  const scannerLock = fakeLock();
  const ears = new Set<{ readonly tab: { readonly frozen: boolean }; hear: (message: TabMessage) => void }>();
  return {
    openTab() {
      const tab: Tabs & { frozen: boolean } = {
        frozen: false,
        lock,
        scannerLock,
        openChannel(hear) {
          const ear = { tab, hear };
          ears.add(ear);
          return {
            say(message) {
              for (const other of ears) if (other !== ear && !other.tab.frozen) other.hear(message);
            },
            close: () => void ears.delete(ear)
          };
        }
      };
      return tab;
    }
  };
}

function fakeLock(): RegisterLock {
  let holder: { readonly lost: AbortController } | null = null;
  let waiting: { readonly signal: AbortSignal; readonly grant: () => void }[] = [];

  function next(): void {
    waiting = waiting.filter(({ signal }) => !signal.aborted);
    if (holder === null) waiting.shift()?.grant();
  }
  function hold(): HeldLock {
    const mine = { lost: new AbortController() };
    holder = mine;
    return {
      lost: mine.lost.signal,
      release() {
        if (holder !== mine) return;
        holder = null;
        next();
      }
    };
  }
  return {
    take(how, signal) {
      if (how === 'steal') {
        const robbed = holder;
        const lock = hold();
        robbed?.lost.abort();
        return Promise.resolve(lock);
      }
      if (holder === null) return Promise.resolve(hold());
      if (how === 'if_free') return Promise.resolve(null);
      return new Promise((resolve) => {
        waiting.push({ signal, grant: () => resolve(hold()) });
        signal.addEventListener('abort', () => resolve(null), { once: true });
      });
    }
  };
}
