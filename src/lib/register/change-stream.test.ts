import { beforeEach, describe, expect, test } from 'vitest';
import { ChangeStream, type News, type TabChannel, type TabLocks } from './change-stream';
import { readStreamEvents, type StreamEvent } from './change-stream-events';
import { handClock, settle, type HandClock } from './fakes';

const hello = 'event: hello\ndata: {"heartbeatMs":1000}\n\n';
const changed = (id: string) => `event: change\ndata: {"kind":"order","id":"${id}","version":null}\n\n`;

/** One connection that a tab opened; the test is its server. */
interface Connection {
  readonly say: (text: string) => void;
  readonly end: () => void;
  readonly aborted: () => boolean;
}

/** A server that answers as it is told: with a stream, with a status, or not at all. */
function fakeServer() {
  const connections: Connection[] = [];
  let answer: 'stream' | 'silence' | number = 'stream';
  return {
    connections,
    get last(): Connection {
      const last = connections.at(-1);
      if (last === undefined) throw new Error('nobody has connected');
      return last;
    },
    answerWith(next: typeof answer): void {
      answer = next;
    },
    open(signal: AbortSignal): Promise<Response> {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
      const quietly = (act: () => void): void => {
        try {
          act();
        } catch {
          // Closed on the other side.
        }
      };
      connections.push({
        say: (text) => quietly(() => controller?.enqueue(new TextEncoder().encode(text))),
        end: () => quietly(() => controller?.close()),
        aborted: () => signal.aborted
      });
      const gone = new DOMException('gone', 'AbortError');
      signal.addEventListener('abort', () => quietly(() => controller?.error(gone)));
      if (answer === 'silence') {
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(gone)));
      }
      if (typeof answer === 'number') return Promise.resolve(new Response(null, { status: answer }));
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    }
  };
}

/** Tabs of one browser: one lock, one channel. */
function fakeBrowser() {
  const channels = new Map<TabChannel, Set<(event: MessageEvent<unknown>) => void>>();
  const queue: { readonly run: () => void; readonly signal: AbortSignal }[] = [];
  let held = false;
  const next = (): void => {
    if (held) return;
    queue.shift()?.run();
  };
  const locks: TabLocks = {
    request(_name, { signal }, work) {
      return new Promise((resolve, reject) => {
        const turn = {
          signal,
          run() {
            held = true;
            void work()
              .then(resolve, reject)
              .finally(() => {
                held = false;
                next();
              });
          }
        };
        queue.push(turn);
        signal.addEventListener('abort', () => {
          const at = queue.indexOf(turn);
          if (at < 0) return;
          queue.splice(at, 1);
          reject(new DOMException('aborted', 'AbortError'));
        });
        next();
      });
    }
  };
  const openChannel = (): TabChannel => {
    const hearers = new Set<(event: MessageEvent<unknown>) => void>();
    const channel: TabChannel = {
      postMessage(message) {
        for (const [other, listeners] of channels) {
          if (other === channel) continue;
          for (const hear of listeners)
            queueMicrotask(() => hear(new MessageEvent('message', { data: message })));
        }
      },
      addEventListener: (_type, hear) => void hearers.add(hear),
      removeEventListener: (_type, hear) => void hearers.delete(hear),
      close: () => void channels.delete(channel)
    };
    channels.set(channel, hearers);
    return channel;
  };
  return { locks, openChannel, channels };
}

let server: ReturnType<typeof fakeServer>;
let browser: ReturnType<typeof fakeBrowser>;
let clock: HandClock;

beforeEach(() => {
  server = fakeServer();
  browser = fakeBrowser();
  clock = handClock();
});

function openTab() {
  const stream = new ChangeStream({
    ...browser,
    open: (signal) => server.open(signal),
    clock,
    random: () => 0
  });
  const heard: string[] = [];
  stream.subscribe((news: News) => heard.push(news.kind === 'change' ? news.change.id : news.kind));
  stream.start();
  return { stream, heard };
}

async function openLiveTab() {
  const tab = openTab();
  await settle();
  server.last.say(hello);
  await settle();
  return tab;
}

describe('a tab alone', () => {
  test('asks for everything once the stream is open, and then hears only what changed', async () => {
    const { stream, heard } = openTab();
    await settle();
    expect(stream.live).toBe(false);
    server.last.say(`${hello}${changed('a')}`);
    await settle();
    expect(stream.live).toBe(true);
    server.last.say(changed('b'));
    await settle();
    expect(heard).toEqual(['everything', 'a', 'b']);
  });

  test('takes what is no change for a sign of life, never for news', async () => {
    const { heard } = await openLiveTab();
    server.last.say(': still here\n\nevent: change\ndata: {"kind":"weather"}\n\nevent: change\ndata: {\n\n');
    await settle();
    expect(heard).toEqual(['everything']);
  });

  test('says at once that the stream is lost, connects again and asks for everything anew', async () => {
    const { stream, heard } = await openLiveTab();
    await clock.turn(2_000);
    server.last.end();
    await settle();
    expect(stream.live).toBe(false);
    await clock.turn(600);
    expect(server.connections).toHaveLength(2);
    server.last.say(hello);
    await settle();
    expect(heard).toEqual(['everything', 'lost', 'everything']);
  });

  test('cuts a stream that has been silent for two heartbeats and a half', async () => {
    const { stream } = await openLiveTab();
    await clock.turn(2_400);
    server.last.say(': still here\n\n');
    await clock.turn(2_400);
    expect(stream.live).toBe(true);
    const [first] = server.connections;
    await clock.turn(200);
    expect(stream.live).toBe(false);
    expect(first?.aborted()).toBe(true);
  });

  test('gives an unanswered request ten seconds', async () => {
    server.answerWith('silence');
    openTab();
    await clock.turn(9_999);
    expect(server.last.aborted()).toBe(false);
    await clock.turn(2);
    expect(server.connections[0]?.aborted()).toBe(true);
  });

  test('waits longer and longer while it is refused, at the longest a quarter of a minute', async () => {
    server.answerWith(401);
    openTab();
    const at: number[] = [];
    for (let ms = 0; ms < 60_000; ms += 250) {
      if (server.connections.length > at.length) at.push(ms);
      await clock.turn(250);
    }
    const pauses = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
    // Half of each, because chance says 0.
    expect(pauses.slice(0, 6)).toEqual([500, 1000, 2000, 4000, 7500, 7500]);
  });

  test('does not hammer a server that opens streams and ends them at once', async () => {
    openTab();
    for (let ms = 0; ms < 20_000; ms += 250) {
      const before = server.connections.length;
      await clock.turn(250);
      if (server.connections.length > before) {
        server.last.say(hello);
        await settle();
        server.last.end();
      }
    }
    expect(server.connections.length).toBeLessThan(8);
  });

  test('leaves nothing behind when it is stopped, and can begin again', async () => {
    const { stream, heard } = await openLiveTab();
    await stream.stop();
    expect(server.last.aborted()).toBe(true);
    expect(stream.live).toBe(false);
    expect(browser.channels.size).toBe(0);
    await clock.turn(60_000);
    expect(server.connections).toHaveLength(1);
    stream.start();
    await settle();
    server.last.say(hello);
    await settle();
    expect(heard).toEqual(['everything', 'lost', 'everything']);
    await stream.stop();
  });

  test('stops while it waits for an answer, and while it pauses', async () => {
    server.answerWith('silence');
    const one = openTab();
    await settle();
    await one.stream.stop();
    server.answerWith(500);
    const two = openTab();
    await settle();
    await two.stream.stop();
    await clock.turn(60_000);
    expect(server.connections).toHaveLength(2);
  });

  test.each(['locks', 'openChannel'] as const)(
    'never has a stream in a browser without %s',
    async (missing) => {
      const stream = new ChangeStream({
        ...browser,
        open: (signal) => server.open(signal),
        clock,
        random: () => 0,
        [missing]: null
      });
      stream.start();
      await clock.turn(60_000);
      expect(server.connections).toEqual([]);
      expect(stream.live).toBe(false);
      await stream.stop();
    }
  );
});

describe('tabs of one browser', () => {
  test('share one stream: what the first hears, all hear', async () => {
    const one = await openLiveTab();
    const two = openTab();
    await settle();
    expect(server.connections).toHaveLength(1);
    expect([one.stream.leads, two.stream.leads]).toEqual([true, false]);
    expect(two.stream.live).toBe(true);
    server.last.say(changed('a'));
    await settle();
    expect(one.heard).toEqual(['everything', 'a']);
    expect(two.heard).toEqual(['everything', 'a']);
  });

  test('all say that the stream is lost, and all ask for everything when it is back', async () => {
    const one = await openLiveTab();
    const two = openTab();
    await clock.turn(600);
    server.last.end();
    await settle();
    expect([one.stream.live, two.stream.live]).toEqual([false, false]);
    await clock.turn(600);
    server.last.say(hello);
    await settle();
    for (const { heard } of [one, two]) expect(heard).toEqual(['everything', 'lost', 'everything']);
  });

  test('go on when the one that leads is closed: another takes the stream over', async () => {
    const one = await openLiveTab();
    const two = openTab();
    const three = openTab();
    await settle();
    await one.stream.stop();
    await settle();
    expect(server.connections).toHaveLength(2);
    server.last.say(hello);
    await settle();
    expect([two.stream.leads, three.stream.leads]).toEqual([true, false]);
    expect([two.stream.live, three.stream.live]).toEqual([true, true]);
    expect(three.heard.at(-1)).toBe('everything');
    await Promise.all([two.stream.stop(), three.stream.stop()]);
  });

  test('do not trust a leader that says nothing any more', async () => {
    const two = openTab();
    await settle();
    server.last.say(hello);
    await settle();
    // A leader that is frozen: it holds the lock and sends nothing.
    const frozen = openTab();
    await settle();
    expect(frozen.stream.live).toBe(true);
    browser.channels.clear();
    await clock.turn(60_000);
    expect(frozen.stream.live).toBe(false);
    await Promise.all([two.stream.stop(), frozen.stream.stop()]);
  });
});

describe('reading events', () => {
  async function read(...pieces: string[]): Promise<StreamEvent[]> {
    const bytes = new TextEncoder().encode(pieces.join(''));
    // One byte at a time: also inside a character.
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      }
    });
    const events: StreamEvent[] = [];
    for await (const event of readStreamEvents(stream)) events.push(event);
    return events;
  }

  test('puts together what was cut anywhere', async () => {
    expect(await read('event: a\ndata: Zürich\ndata:two\n\n: hm\n\ndata: x\r\n\r\n')).toEqual([
      { kind: 'event', name: 'a', data: 'Zürich\ntwo' },
      { kind: 'comment', name: '', data: '' },
      { kind: 'event', name: 'message', data: 'x' }
    ]);
  });

  test('drops an event that was not finished', async () => {
    expect(await read('data: cut o')).toEqual([]);
    expect(await read('event: a\n\n')).toEqual([]);
  });

  test('breaks off at a line that does not end', async () => {
    await expect(read('data: ', 'x'.repeat(70_000))).rejects.toThrow('does not end');
  });
});
