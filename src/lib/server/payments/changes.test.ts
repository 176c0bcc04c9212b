import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createChanges, type Changes } from './changes';

let changes: Changes;
let ended: string[];

beforeEach(() => {
  vi.useFakeTimers();
  changes = createChanges();
  ended = [];
});

afterEach(() => {
  changes.close();
  vi.useRealTimers();
});

function wait(name: string, options: Parameters<Changes['next']>[0]): Promise<void> {
  return changes.next(options).then(() => void ended.push(name));
}

describe('waiting for a change', () => {
  test('ends for everybody who waits for that id, and for nobody else', async () => {
    const one = wait('one', { id: 'a', withinMs: 1000 });
    const two = wait('two', { id: 'a', withinMs: 1000 });
    void wait('other', { id: 'b', withinMs: 1000 });
    changes.happened({ kind: 'attempt', id: 'a', version: 2 });
    await Promise.all([one, two]);
    expect(ended.toSorted()).toEqual(['one', 'two']);
  });

  test('ends when the time is up, and its timer with it', async () => {
    const one = wait('one', { id: 'a', withinMs: 1000 });
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await one;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends when the one who waits goes away, before or while waiting', async () => {
    const gone = new AbortController();
    const while_ = wait('while', { id: 'a', withinMs: 1000, signal: gone.signal });
    gone.abort();
    await while_;
    await wait('before', { id: 'a', withinMs: 1000, signal: gone.signal });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends at once for all when the server stops, and for whoever comes after', async () => {
    const one = wait('one', { id: 'a', withinMs: 1000 });
    changes.close();
    await one;
    await wait('late', { id: 'a', withinMs: 1000 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a listener', () => {
  const change = { kind: 'refund', id: 'r', version: 1 } as const;

  test('hears of every change until it takes its ear away', () => {
    const heard: unknown[] = [];
    const leave = changes.subscribe({ changed: (said) => heard.push(said), closed: () => undefined });
    changes.happened(change);
    leave();
    changes.happened({ ...change, version: 2 });
    expect(heard).toEqual([change]);
  });

  test('is told once that the server stops, also when it comes after that', () => {
    const listener = { changed: () => undefined, closed: () => void ended.push('closed') };
    changes.subscribe(listener);
    changes.close();
    changes.close();
    expect(ended).toEqual(['closed']);
    changes.subscribe(listener);
    expect(ended).toEqual(['closed', 'closed']);
  });
});
