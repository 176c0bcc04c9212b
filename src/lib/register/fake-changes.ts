import type { News } from './change-stream';
import type { StartedChanges } from './later-changes';

/** A stream of changes that the test speaks for; there is none until it says so. */
export interface FakeChanges extends StartedChanges {
  live: boolean;
  readonly started: boolean;
  /** How many listen. */
  readonly ears: number;
  say(news: News): void;
  /** What a stream says of an attempt. */
  changed(attemptId: string, version: number): void;
}

export function fakeChanges(): FakeChanges {
  const listeners = new Set<(news: News) => void>();
  let started = false;
  const changes: FakeChanges = {
    live: false,
    get started() {
      return started;
    },
    get ears() {
      return listeners.size;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      started = true;
    },
    stop() {
      started = false;
      return Promise.resolve();
    },
    say(news) {
      if (news.kind !== 'change') changes.live = news.kind === 'everything';
      for (const listener of [...listeners]) listener(news);
    },
    changed: (id, version) => changes.say({ kind: 'change', change: { kind: 'attempt', id, version } })
  };
  return changes;
}
