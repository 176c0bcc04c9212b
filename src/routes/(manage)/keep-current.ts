/** Keeps what a page shows current: by the stream of changes where there is one, by asking where there is none. */
import type { Changes, News } from '$lib/register/change-stream';
import { browserClock, delay, type Clock } from '$lib/register/ports';
import type { Change } from '$lib/wire/changes';

/** How often a page asks by itself when no stream tells it. */
export const pollMs = 3_000;
/** And when one does: what only the passing of time changes is not told. */
export const slowPollMs = 15_000;
/** Many changes at once are read in one go. */
const leastPauseMs = 250;

/** The page, as far as it matters whether anybody sees it. */
type Sight = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/**
 * Reads now, at every change that concerns the page, when the stream comes or goes, when the page is seen again, and now
 * and again. While nobody sees the page nothing is read. A slow answer delays the next question: two are never under way.
 *
 * @param concerns which changes are worth reading for; all of them where left out
 * @returns what ends it
 */
export function keepCurrent({
  read,
  changes,
  concerns = () => true,
  clock = browserClock(),
  sight = document
}: {
  readonly read: (signal: AbortSignal) => Promise<void>;
  readonly changes: Changes;
  readonly concerns?: (change: Change) => boolean;
  readonly clock?: Clock;
  readonly sight?: Sight;
}): () => void {
  const ended = new AbortController();
  /** Something happened since the last question was asked. */
  let due = false;
  let pause = new AbortController();

  function wake(): void {
    due = true;
    pause.abort();
  }
  function hear(news: News): void {
    if (news.kind !== 'change' || concerns(news.change)) wake();
  }
  function seen(): void {
    if (sight.visibilityState === 'visible') wake();
  }
  async function rest(ms: number): Promise<void> {
    await delay({ clock, ms, signal: AbortSignal.any([ended.signal, pause.signal]) });
  }
  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      if (sight.visibilityState === 'visible') {
        due = false;
        pause = new AbortController();
        await read(ended.signal);
        await delay({ clock, ms: leastPauseMs, signal: ended.signal });
      } else {
        pause = new AbortController();
      }
      if (!due || sight.visibilityState !== 'visible') await rest(changes.live ? slowPollMs : pollMs);
    }
  }

  sight.addEventListener('visibilitychange', seen);
  const unsubscribe = changes.subscribe(hear);
  void run();
  return () => {
    unsubscribe();
    sight.removeEventListener('visibilitychange', seen);
    ended.abort();
  };
}
