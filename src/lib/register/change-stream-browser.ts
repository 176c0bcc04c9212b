/** The stream of changes in a real browser. */
import { ChangeStream } from './change-stream';
import { browserClock } from './ports';

/** The page's own; where the browser has no Web Locks (an address without https), there is never a stream. */
export function createChangeStream(): ChangeStream {
  return new ChangeStream({
    // Not through ky: it has a timeout for every answer, and this one never ends.
    open: (signal) =>
      fetch('/api/changes', { signal, cache: 'no-store', headers: { accept: 'text/event-stream' } }),
    locks: 'locks' in navigator ? navigator.locks : null,
    openChannel: 'BroadcastChannel' in globalThis ? () => new BroadcastChannel('till-changes') : null,
    clock: browserClock(),
    random: () => Math.random()
  });
}
