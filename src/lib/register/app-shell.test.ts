import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepAppShell } from './app-shell';

/** A browser whose service worker is told things, and one that waits where a test says so. */
function fakeRegistration() {
  const told: string[] = [];
  const registration = {
    waiting: null as { postMessage(text: string): void } | null,
    update: vi.fn(() => Promise.resolve())
  };
  const register = vi.fn(() => Promise.resolve(registration));
  vi.stubGlobal('navigator', { serviceWorker: { register } });
  return {
    told,
    registration,
    newVersionWaits() {
      registration.waiting = { postMessage: (text) => told.push(text) };
    }
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a new version of the shell', () => {
  it('waits while a payment is at the counter, and takes over within seconds of its end', async () => {
    const { told, newVersionWaits } = fakeRegistration();
    let mayTakeOver = false;
    const end = keepAppShell({ mayTakeOver: () => mayTakeOver });
    newVersionWaits();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
    mayTakeOver = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual(['take_over']);
    end();
  });

  it('is looked for every hour, and no more once the page is gone', async () => {
    const { registration, told, newVersionWaits } = fakeRegistration();
    const end = keepAppShell({ mayTakeOver: () => true });
    await vi.advanceTimersByTimeAsync(2 * 60 * 60_000);
    expect(registration.update).toHaveBeenCalledTimes(2);
    end();
    newVersionWaits();
    await vi.advanceTimersByTimeAsync(2 * 60 * 60_000);
    expect(registration.update).toHaveBeenCalledTimes(2);
    expect(told).toEqual([]);
  });
});
