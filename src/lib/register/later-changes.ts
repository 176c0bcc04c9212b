/**
 * The stream of changes for the register: its code comes once there is something to hear, because the sell screen must not
 * wait for it. Until then, and where it can't be fetched, there is no stream and the register asks by itself.
 */
import type { Changes, ChangeStream, News } from './change-stream';

/** A stream that is begun and ended. */
export interface StartedChanges extends Changes {
  /** Begins; again: tries what failed, and does nothing where it runs. */
  start(): void;
  /** Ends when nothing of it is left. */
  stop(): Promise<void>;
}

/** @param load fetches the stream's code */
export function createLaterChanges(
  load: () => Promise<Pick<ChangeStream, 'live' | 'subscribe' | 'start' | 'stop'>>
): StartedChanges {
  const listeners = new Set<(news: News) => void>();
  let stream: Awaited<ReturnType<typeof load>> | null = null;
  let loading = false;
  let wanted = false;

  async function begin(): Promise<void> {
    if (loading) return;
    loading = true;
    try {
      if (stream === null) {
        stream = await load();
        stream.subscribe((news) => {
          for (const listener of [...listeners]) listener(news);
        });
      }
      if (wanted) stream.start();
    } catch {
      // no network, or a newer build is served: the next start tries again
    } finally {
      loading = false;
    }
  }

  return {
    get live() {
      return stream?.live ?? false;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      wanted = true;
      void begin();
    },
    async stop() {
      wanted = false;
      await stream?.stop();
    }
  };
}
