import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanQueue } from './scan-queue';
import { createScan, type Scan, type ScanSource } from './scan';

function scan(text: string, at = 0, source: ScanSource = 'wedge'): Scan {
  return createScan({ text, source, at });
}

describe('the scan queue', () => {
  it('handles ten scans of one second one after another, in order', async () => {
    const log: string[] = [];
    const releases: (() => void)[] = [];
    const queue = createScanQueue({
      async handle({ text }) {
        log.push(`begin ${text}`);
        await new Promise<void>((resolve) => releases.push(resolve));
        log.push(`end ${text}`);
      },
      onFault: (error) => expect.fail(String(error))
    });

    const texts = Array.from({ length: 10 }, (_, index) => `code-${index}`);
    texts.forEach((text, index) => queue.push(scan(text, index * 100)));
    for (const text of texts) {
      expect(log.at(-1)).toBe(`begin ${text}`);
      expect(queue.busy).toBe(true);
      releases.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await queue.idle();
    expect(log).toEqual(texts.flatMap((text) => [`begin ${text}`, `end ${text}`]));
    expect(queue.busy).toBe(false);
  });

  it('is busy from the arrival on, and tells when that changes', async () => {
    const told: boolean[] = [];
    const queue = createScanQueue({
      handle: () => undefined,
      onFault: () => undefined,
      onBusyChange: (busy) => {
        expect(queue.busy).toBe(busy);
        told.push(busy);
      }
    });
    expect(queue.busy).toBe(false);
    queue.push(scan('a'));
    expect(queue.busy).toBe(true);
    queue.push(scan('b'));
    await queue.idle();
    expect(told).toEqual([true, false]);
  });

  it('goes on after a handler that throws, and tells', async () => {
    const handled: string[] = [];
    const faults: unknown[] = [];
    const queue = createScanQueue({
      handle({ text }) {
        if (text === 'bad') throw new Error('a bug');
        handled.push(text);
      },
      onFault: (error) => faults.push(error)
    });
    for (const text of ['a', 'bad', 'b']) queue.push(scan(text));
    await queue.idle();
    expect(handled).toEqual(['a', 'b']);
    expect(faults).toHaveLength(1);
  });

  it('handles a scan that a handler pushed after the one it is at', async () => {
    const log: string[] = [];
    const queue = createScanQueue({
      handle({ text }) {
        log.push(`begin ${text}`);
        if (text === 'a') queue.push(scan('b'));
        log.push(`end ${text}`);
      },
      onFault: (error) => expect.fail(String(error))
    });
    queue.push(scan('a'));
    await queue.idle();
    expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });

  it('takes two roads of one scanner within 300 ms for one scan', () => {
    const { push } = quietQueue();
    expect(push(scan('can', 1000, 'wedge'))).toBe(true);
    expect(push(scan('can', 1300, 'hid'))).toBe(false);
    expect(push(scan('can', 1301, 'serial'))).toBe(true);
  });

  it('keeps a second can by the same road, and pairs each with its own twin', () => {
    const { push } = quietQueue();
    const taken = [
      push(scan('can', 0, 'wedge')),
      push(scan('can', 20, 'hid')),
      push(scan('can', 120, 'wedge')),
      push(scan('can', 140, 'hid'))
    ];
    expect(taken).toEqual([true, false, true, false]);
  });

  it('loses no scan of one road, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.constantFrom('a', 'b', 'c'), gap: fc.nat(400) })),
        async (arrivals) => {
          const handled: string[] = [];
          const queue = createScanQueue({
            handle: async ({ text }) => void handled.push(text),
            onFault: (error) => expect.fail(String(error))
          });
          let at = 0;
          for (const { text, gap } of arrivals) queue.push(scan(text, (at += gap)));
          await queue.idle();
          expect(handled).toEqual(arrivals.map(({ text }) => text));
        }
      )
    );
  });
});

function quietQueue(): ReturnType<typeof createScanQueue> {
  return createScanQueue({ handle: () => undefined, onFault: () => undefined });
}
