/** Reads server-sent events out of bytes as they come, cut anywhere. */

/** One event; `comment` for a line that only says that the other side lives. */
export interface StreamEvent {
  readonly kind: 'event' | 'comment';
  readonly name: string;
  readonly data: string;
}

/** No line of ours is near this long: whatever is, comes from somebody else. */
const longestLine = 64_000;

/**
 * The events of a stream, in order; ends with it.
 *
 * @throws what the stream throws, or when a line does not end
 */
export async function* readStreamEvents(
  bytes: ReadableStream<Uint8Array>
): AsyncGenerator<StreamEvent, void> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let unread = '';
  let name = 'message';
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      unread += decoder.decode(value, { stream: true });
      for (;;) {
        const end = /\r\n|\n|\r(?!$)/.exec(unread);
        if (end === null) break;
        const line = unread.slice(0, end.index);
        unread = unread.slice(end.index + end[0].length);
        if (line === '') {
          if (data.length > 0) yield { kind: 'event', name, data: data.join('\n') };
          name = 'message';
          data = [];
        } else if (line.startsWith(':')) {
          yield { kind: 'comment', name: '', data: '' };
        } else {
          const [, field = '', text = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
          if (field === 'event') name = text;
          else if (field === 'data') data.push(text);
        }
      }
      if (unread.length > longestLine) throw new Error('a line of the stream of changes does not end');
    }
  } finally {
    // Who stops listening lets go of the connection as well.
    await reader.cancel().catch(() => undefined);
  }
}
