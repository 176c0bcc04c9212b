import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { prepareLater } from './sale-parts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the parts of a sale', () => {
  test('are each fetched once, and what did not arrive again until it does', async () => {
    let network = false;
    const asked: string[] = [];
    prepareLater([
      async () => void asked.push('stage'),
      async () => {
        asked.push('cash');
        if (!network) throw new TypeError('Failed to fetch');
      },
      async () => void asked.push('dialogs')
    ]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual(['stage', 'cash', 'dialogs']);
    await vi.advanceTimersByTimeAsync(10_000);
    network = true;
    const before = asked.length;
    expect(asked.slice(3)).toEqual(Array.from({ length: before - 3 }, () => 'cash'));
    expect(before).toBeGreaterThan(3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.slice(before)).toEqual(['cash']);
  });

  test('are not fetched any more once the page is left', async () => {
    const asked: string[] = [];
    const end = prepareLater([
      async () => {
        asked.push('stage');
        throw new TypeError('Failed to fetch');
      }
    ]);
    await vi.advanceTimersByTimeAsync(1000);
    end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual(['stage']);
  });
});
