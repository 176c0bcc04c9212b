import { beforeEach, describe, expect, test } from 'vitest';
import type { News } from '$lib/register/change-stream';
import { handClock, settle, type HandClock } from '$lib/register/fakes';
import { keepCurrent } from './keep-current';

let clock: HandClock;
let live: boolean;
let tell: (news: News) => void;
let listening: number;
class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
}
let page: Page;
let reads: number;
/** What the next reads wait for. */
let answer: Promise<void>;

beforeEach(() => {
  clock = handClock();
  live = true;
  listening = 0;
  page = new Page();
  reads = 0;
  answer = Promise.resolve();
});

function keep(concerns?: Parameters<typeof keepCurrent>[0]['concerns']): () => void {
  return keepCurrent({
    read: () => {
      reads += 1;
      return answer;
    },
    changes: {
      get live() {
        return live;
      },
      subscribe(listener) {
        tell = listener;
        listening += 1;
        return () => (listening -= 1);
      }
    },
    clock,
    sight: page,
    ...(concerns === undefined ? {} : { concerns })
  });
}

function changed(id: string): News {
  return { kind: 'change', change: { kind: 'order', id, version: null } };
}

function see(visibilityState: DocumentVisibilityState): void {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event('visibilitychange'));
}

describe('a page that is kept current', () => {
  test('reads once at first, and then four times a minute while the stream is open', async () => {
    keep();
    await clock.turn(14_000);
    expect(reads).toBe(1);
    await clock.turn(2_000);
    expect(reads).toBe(2);
  });

  test('reads at once when something changed', async () => {
    keep();
    await clock.turn(5_000);
    tell(changed('a'));
    await settle();
    expect(reads).toBe(2);
  });

  test('reads many changes in one go, and never twice at a time', async () => {
    keep();
    await clock.turn(5_000);
    let arrive: () => void = () => undefined;
    answer = new Promise((resolve) => (arrive = resolve));
    tell(changed('a'));
    await settle();
    for (let count = 0; count < 50; count += 1) tell(changed('b'));
    await clock.turn(5_000);
    expect(reads).toBe(2);
    answer = Promise.resolve();
    arrive();
    await clock.turn(1_000);
    expect(reads).toBe(3);
  });

  test('leaves out what does not concern it', async () => {
    keep(({ id }) => id === 'mine');
    await clock.turn(5_000);
    tell(changed('other'));
    await clock.turn(1_000);
    expect(reads).toBe(1);
    tell(changed('mine'));
    await clock.turn(1_000);
    expect(reads).toBe(2);
  });

  test('reads when the stream comes and when it goes, and asks every three seconds without one', async () => {
    keep();
    await clock.turn(5_000);
    live = false;
    tell({ kind: 'lost' });
    await clock.turn(1_000);
    expect(reads).toBe(2);
    await clock.turn(6_500);
    expect(reads).toBe(4);
    live = true;
    tell({ kind: 'everything' });
    await clock.turn(250);
    expect(reads).toBe(5);
  });

  test('asks nothing while nobody sees it, and at once when somebody does', async () => {
    keep();
    await clock.turn(1_000);
    see('hidden');
    tell(changed('a'));
    await clock.turn(60_000);
    expect(reads).toBe(1);
    see('visible');
    await settle();
    expect(reads).toBe(2);
  });

  test('ends with nothing left behind', async () => {
    const end = keep();
    await clock.turn(1_000);
    end();
    see('visible');
    await clock.turn(60_000);
    expect(reads).toBe(1);
    expect(listening).toBe(0);
  });
});
