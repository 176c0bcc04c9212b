/** How often a page that "updates by itself" asks. */
export const pollMs = 3000;

/**
 * Reads now and again and again while the page is seen; at once when it is seen again. A slow answer delays the next
 * question: two are never under way.
 *
 * @returns what ends it
 */
export function pollWhileSeen(read: (signal: AbortSignal) => Promise<void>): () => void {
  const ended = new AbortController();
  let wake: () => void = () => undefined;

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      if (document.visibilityState === 'visible') await read(ended.signal);
      if (ended.signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  function seen(): void {
    if (document.visibilityState === 'visible') wake();
  }

  document.addEventListener('visibilitychange', seen);
  void run();
  return () => {
    document.removeEventListener('visibilitychange', seen);
    ended.abort();
    wake();
  };
}
