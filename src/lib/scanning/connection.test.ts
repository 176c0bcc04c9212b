import { describe, expect, it } from 'vitest';
import {
  attemptMs,
  closeWithinMs,
  Connection,
  firstPauseMs,
  longestPauseMs,
  type DeviceDriver
} from './connection';
import { type ScannerState, type ScannerTrouble } from './port';
import { ScannerFailure } from './trouble';

/** Time that passes when told, and lets promises run in between. */
class Time {
  #now = 0;
  #alarms: { readonly at: number; readonly ring: () => void }[] = [];

  readonly now = (): number => this.#now;
  readonly setTimer = (ring: () => void, delayMs: number): (() => void) => {
    const alarm = { at: this.#now + delayMs, ring };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  };

  get timers(): number {
    return this.#alarms.length;
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.#now = next.at;
      next.ring();
    }
    this.#now = end;
    await settle();
  }
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A device that does what a test says. */
class FakeRoad implements DeviceDriver<string> {
  present: string | null = 'scanner';
  choice: 'scanner' | 'other' | ScannerTrouble = 'scanner';
  refuse: ScannerTrouble | null = null;
  hangs = false;
  closeHangs = false;
  readonly log: string[] = [];
  watchers = 0;
  lose: (trouble: ScannerTrouble) => void = () => undefined;
  came: () => void = () => undefined;

  /** What the browser asks, or takes to find, is answered when this is. */
  answered: Promise<unknown> = Promise.resolve();
  readonly request = async (): Promise<string> => {
    await this.answered;
    if (this.choice !== 'scanner' && this.choice !== 'other') {
      throw new ScannerFailure(this.choice);
    }
    return this.choice;
  };
  readonly find = async (): Promise<string | null> => {
    await this.answered;
    return this.present;
  };
  readonly discard = (device: string): void => void this.log.push(`discard ${device}`);
  readonly open: DeviceDriver<string>['open'] = async ({ device, onLost }) => {
    this.log.push(`open ${device}`);
    if (this.hangs) await new Promise(() => undefined);
    if (this.refuse !== null) throw new ScannerFailure(this.refuse);
    this.lose = onLost;
    return async () => {
      this.log.push(`close ${device}`);
      if (this.closeHangs) await new Promise(() => undefined);
    };
  };
  readonly watch = (onCame: () => void): (() => void) => {
    this.watchers += 1;
    this.came = onCame;
    return () => {
      this.watchers -= 1;
      this.came = () => undefined;
    };
  };
}

function start(): {
  road: FakeRoad;
  time: Time;
  connection: Connection<string>;
  states: ScannerState[];
  names: () => string[];
} {
  const road = new FakeRoad();
  const time = new Time();
  const connection = new Connection({ driver: road, time });
  const states: ScannerState[] = [];
  connection.onState((state) => states.push(state));
  return { road, time, connection, states, names: () => states.map(({ state }) => state) };
}

describe('a connection', () => {
  it('opens a granted device without asking, and tells its state to who comes late', async () => {
    const { connection, time, names, road } = start();
    connection.reopen();
    await time.pass(0);
    expect(names()).toEqual(['off', 'connecting', 'ready']);
    let late: ScannerState | null = null;
    connection.onState((state) => (late = state));
    expect(late).toEqual({ state: 'ready' });
    expect(road.log).toEqual(['open scanner']);
  });

  it('asks the user, and says what came of it', async () => {
    const { connection, time, road } = start();
    expect(await connection.connect()).toEqual({ ok: true });
    expect(connection.state).toEqual({ state: 'ready' });
    road.choice = 'not_chosen';
    expect(await connection.connect()).toEqual({ ok: false, trouble: 'not_chosen', remedy: 'choose' });
    expect(connection.state, 'what works goes on').toEqual({ state: 'ready' });
    road.choice = 'other';
    expect(await connection.connect()).toEqual({ ok: true });
    expect(road.log).toEqual(['open scanner', 'close scanner', 'open other']);
    await time.pass(0);
    expect(time.timers).toBe(0);
  });

  it('says what to do where only a person can help', async () => {
    const { connection, road } = start();
    road.choice = 'not_chosen';
    await connection.connect();
    expect(connection.state).toEqual({ state: 'needs_you', trouble: 'not_chosen', remedy: 'choose' });
  });

  it('comes back when the device is plugged in again', async () => {
    const { connection, time, road, names } = start();
    connection.reopen();
    await time.pass(0);
    road.present = null;
    road.lose('unplugged');
    await time.pass(60_000);
    expect(connection.state).toEqual({
      state: 'waiting',
      trouble: 'unplugged',
      remedy: 'plug_in',
      retryInMs: null
    });
    road.present = 'scanner again';
    road.came();
    await time.pass(0);
    expect(names()).toEqual(['off', 'connecting', 'ready', 'waiting', 'connecting', 'ready']);
    expect(road.log).toEqual(['open scanner', 'close scanner', 'open scanner again']);
  });

  it('sees a device that comes back while the old one is still being closed', async () => {
    const { connection, time, road } = start();
    connection.reopen();
    await time.pass(0);
    road.closeHangs = true;
    road.lose('unplugged');
    await time.pass(closeWithinMs / 2);
    road.came();
    await time.pass(closeWithinMs);
    expect(connection.state).toEqual({ state: 'ready' });
  });

  it('says that a device has to be chosen again which the browser no longer allows, and takes it if it comes', async () => {
    const { connection, time, road } = start();
    road.present = null;
    connection.reopen();
    await time.pass(0);
    expect(connection.state).toEqual({ state: 'needs_you', trouble: 'permission_lost', remedy: 'choose' });
    road.present = 'scanner';
    road.came();
    await time.pass(0);
    expect(connection.state).toEqual({ state: 'ready' });
  });

  it('tries again, ever more slowly, and at once when a device comes', async () => {
    const { connection, time, road, states } = start();
    road.refuse = 'in_use';
    connection.reopen();
    await time.pass(200_000);
    const pauses = states.flatMap((state) => (state.state === 'waiting' ? [state.retryInMs] : []));
    expect(pauses.slice(0, 4)).toEqual([firstPauseMs, 500, 1000, 2000]);
    expect(Math.max(...pauses.map(Number))).toBe(longestPauseMs);
    expect(time.timers).toBe(1);
    road.refuse = null;
    road.came();
    await time.pass(0);
    expect(connection.state).toEqual({ state: 'ready' });
    expect(time.timers).toBe(0);

    // A device that worked starts anew with short pauses.
    await time.pass(longestPauseMs);
    road.refuse = 'failed';
    road.lose('failed');
    await time.pass(0);
    expect(connection.state).toMatchObject({ state: 'waiting', retryInMs: firstPauseMs });
  });

  it('tries one that opens and fails soon after ever more slowly too, until somebody does something about it', async () => {
    const { connection, time, road } = start();
    const fail = async (): Promise<number> => {
      road.lose('failed');
      await time.pass(0);
      const { state } = connection;
      return state.state === 'waiting' ? Number(state.retryInMs) : 0;
    };
    connection.reopen();
    await time.pass(0);
    const pauses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const pauseMs = await fail();
      pauses.push(pauseMs);
      await time.pass(pauseMs);
      expect(connection.state).toEqual({ state: 'ready' });
    }
    expect(pauses.slice(0, 4)).toEqual([firstPauseMs, 500, 1000, 2000]);
    expect(pauses.at(-1)).toBe(longestPauseMs);

    connection.restart();
    await time.pass(0);
    expect(await fail(), 'it has other settings').toBe(firstPauseMs);
    await time.pass(firstPauseMs);
    expect(await fail()).toBe(firstPauseMs * 2);
    await time.pass(firstPauseMs * 2);
    road.lose('unplugged');
    await time.pass(0);
    road.came();
    await time.pass(0);
    expect(await fail(), 'it was plugged in anew').toBe(firstPauseMs);
  });

  it('gives up an attempt that hangs, and closes what opens too late', async () => {
    const { connection, time, road } = start();
    road.hangs = true;
    connection.reopen();
    await time.pass(attemptMs);
    expect(connection.state).toMatchObject({ state: 'waiting', trouble: 'failed' });
    road.hangs = false;
    await time.pass(firstPauseMs);
    expect(connection.state).toEqual({ state: 'ready' });
  });

  it('lets go, also of a device that does not close', async () => {
    const { connection, time, road } = start();
    connection.reopen();
    await time.pass(0);
    road.closeHangs = true;
    const gone = connection.disconnect();
    await time.pass(closeWithinMs);
    await gone;
    expect(connection.state).toEqual({ state: 'off' });
    road.came();
    await time.pass(60_000);
    expect(connection.state).toEqual({ state: 'off' });
    expect(road.log).toEqual(['open scanner', 'close scanner']);
    expect(time.timers).toBe(0);
  });

  it('opens anew for other settings', async () => {
    const { connection, time, road } = start();
    connection.reopen();
    await time.pass(0);
    connection.restart();
    await time.pass(0);
    expect(road.log).toEqual(['open scanner', 'close scanner', 'open scanner']);
    expect(connection.state).toEqual({ state: 'ready' });
  });

  it('undoes everything when it is destroyed, in whatever state', async () => {
    for (const set of [
      () => undefined,
      (road: FakeRoad) => (road.refuse = 'in_use'),
      (road: FakeRoad) => (road.present = null),
      (road: FakeRoad) => (road.hangs = true)
    ]) {
      const { connection, time, road, states } = start();
      set(road);
      connection.reopen();
      await time.pass(0);
      const told = states.length;
      connection.destroy();
      await time.pass(closeWithinMs);
      connection.reopen();
      road.came();
      await time.pass(60_000);
      expect(states.length).toBe(told);
      expect(road.watchers).toBe(0);
      expect(time.timers).toBe(0);
      expect(road.log.filter((line) => line.startsWith('open')).length).toBeLessThan(2);
    }
  });

  it('leaves a device alone that is chosen after it was let go, or destroyed', async () => {
    for (const leave of ['disconnect', 'destroy'] as const) {
      const { connection, time, road } = start();
      const prompt = Promise.withResolvers<undefined>();
      road.answered = prompt.promise;
      const connected = connection.connect();
      void connection[leave]();
      prompt.resolve(undefined);
      expect(await connected, leave).toMatchObject({ ok: false });
      await time.pass(60_000);
      expect(road.log, leave).toEqual(['discard scanner']);
      expect(connection.state, leave).toEqual({ state: 'off' });
    }
  });

  it('says nothing of a list that is closed after it was let go', async () => {
    const { connection, time, road } = start();
    road.choice = 'not_chosen';
    const connected = connection.connect();
    void connection.disconnect();
    expect(await connected).toMatchObject({ ok: false, trouble: 'not_chosen' });
    await time.pass(0);
    expect(connection.state).toEqual({ state: 'off' });
  });

  it('leaves a device alone that is found after it was let go, or after the attempt was given up', async () => {
    for (const passMs of [0, attemptMs]) {
      const { connection, time, road } = start();
      const prompt = Promise.withResolvers<undefined>();
      road.answered = prompt.promise;
      connection.reopen();
      await time.pass(passMs);
      void connection.disconnect();
      prompt.resolve(undefined);
      await time.pass(60_000);
      expect(road.log).toEqual(['discard scanner']);
      expect(connection.state).toEqual({ state: 'off' });
    }
  });

  it('leaves the first of two alone that somebody chose while the one before was being closed', async () => {
    const { connection, time, road } = start();
    connection.reopen();
    await time.pass(0);
    road.closeHangs = true;
    for (const choice of ['other', 'scanner'] as const) {
      road.choice = choice;
      void connection.connect();
      await time.pass(0);
    }
    await time.pass(closeWithinMs);
    expect(road.log).toEqual(['open scanner', 'close scanner', 'discard other', 'open scanner']);
    expect(connection.state).toEqual({ state: 'ready' });
  });

  it('finds another device for other settings where the chosen one can’t be opened once more', async () => {
    const time = new Time();
    const road = new FakeRoad();
    road.choice = 'other';
    const over = new Set<string>();
    const isOver = (device: string): boolean => over.has(device);
    const connection = new Connection({
      driver: {
        request: road.request,
        find: road.find,
        open: road.open,
        watch: road.watch,
        isOver
      },
      time
    });
    void connection.connect();
    await time.pass(0);
    connection.restart();
    await time.pass(0);
    over.add('other');
    connection.restart();
    await time.pass(0);
    expect(road.log).toEqual(['open other', 'close other', 'open other', 'close other', 'open scanner']);
  });
});
