/**
 * The kept shell of the app: the service worker, and when a new version of it may take over. It may at any moment at which
 * nothing is at the counter: what is open goes on with its own code, and the next page is the new version's.
 */

/** Looked for this often; a browser also looks at every page that is opened. */
const lookEveryMs = 60 * 60_000;
/** A new version that waits asks this often. */
const askEveryMs = 5_000;

/**
 * Keeps the shell, and lets a new version take over when it may.
 *
 * @param mayTakeOver false while a payment is at the counter
 * @returns what ends the looking
 */
export function keepAppShell({ mayTakeOver }: { readonly mayTakeOver: () => boolean }): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  let ended = false;
  let timers: ReturnType<typeof setInterval>[] = [];
  void register();

  async function register(): Promise<void> {
    try {
      const registration = await navigator.serviceWorker.register('/service-worker.js');
      if (ended) return;
      timers = [
        setInterval(() => letTakeOver(registration), askEveryMs),
        setInterval(() => void registration.update().catch(() => undefined), lookEveryMs)
      ];
    } catch {
      // private mode, or a browser without it: Till works all the same, but opens only with a network
    }
  }

  function letTakeOver({ waiting }: ServiceWorkerRegistration): void {
    if (waiting !== null && mayTakeOver()) waiting.postMessage('take_over');
  }

  return () => {
    ended = true;
    for (const timer of timers) clearInterval(timer);
  };
}
