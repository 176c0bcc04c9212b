/**
 * `GET /api/changes`: one stream of server-sent events that says what changed. Nothing is kept for a stream that broke:
 * the next one begins with `hello`, and whoever hears it asks again for all that it shows.
 */
import type { Change } from '$lib/wire/changes';
import type { Changes } from '../payments/changes';

/** How often a stream says that it lives, and looks whether its session does. */
export const heartbeatMs = 15_000;
/** A reader that is this many messages behind is cut off; it comes back and asks for everything. */
const mostUnread = 500;

/**
 * Opens a stream. It ends when the reader goes, falls too far behind or is signed out, and when the server stops.
 *
 * @param maySee asked with every heartbeat; false ends the stream
 * @param onEnd told once
 */
export function streamChanges({
  changes,
  maySee,
  signal,
  beatMs = heartbeatMs,
  onEnd = () => undefined
}: {
  readonly changes: Pick<Changes, 'subscribe'>;
  readonly maySee: () => Promise<boolean>;
  readonly signal?: AbortSignal;
  readonly beatMs?: number;
  readonly onEnd?: () => void;
}): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave: (() => void) | null = null;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let ended = false;
        let checking = false;
        const end = (): void => {
          if (ended) return;
          ended = true;
          clearInterval(beat);
          unsubscribe();
          signal?.removeEventListener('abort', end);
          onEnd();
          try {
            controller.close();
          } catch {
            // The reader has closed it already.
          }
        };
        const say = (text: string): void => {
          if (ended) return;
          if ((controller.desiredSize ?? 0) <= -mostUnread) end();
          else controller.enqueue(encoder.encode(text));
        };
        const look = async (): Promise<void> => {
          if (checking) return;
          checking = true;
          // A database that can't be asked right now is no reason to send anybody away.
          if (!(await maySee().catch(() => true))) end();
          checking = false;
        };
        say(`event: hello\ndata: ${JSON.stringify({ heartbeatMs: beatMs })}\n\n`);
        const beat = setInterval(() => {
          say(': still here\n\n');
          void look();
        }, beatMs);
        const unsubscribe = changes.subscribe({
          changed: (change) => say(`event: change\ndata: ${wordsOf(change)}\n\n`),
          closed: () => queueMicrotask(end)
        });
        signal?.addEventListener('abort', end);
        if (signal?.aborted === true) end();
        leave = end;
      },
      cancel() {
        leave?.();
      }
    },
    { highWaterMark: 16 }
  );
}

/** Named one by one: what else hangs on a change must not slip out. */
function wordsOf({ kind, id, version }: Change): string {
  return JSON.stringify({ kind, id, version });
}
