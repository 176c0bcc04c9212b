import { expect, test } from 'vitest';
import { createLine, inBackground } from './line';

/** Lets a number of others line up while one has its turn. @returns the order in which they had theirs */
async function orderOf(names: readonly string[]): Promise<string[]> {
  const line = createLine();
  const had: string[] = [];
  const first = await line.enter();
  const all = names.map((name) => {
    const enter = async (): Promise<void> => {
      const leave = await line.enter();
      had.push(name);
      leave();
    };
    return name.startsWith('background') ? inBackground(enter) : enter();
  });
  first();
  await Promise.all(all);
  return had;
}

test('who waits at a counter goes before the background, and each in the order of coming', async () => {
  expect(await orderOf(['background 1', 'sale 1', 'background 2', 'sale 2'])).toEqual([
    'sale 1',
    'sale 2',
    'background 1',
    'background 2'
  ]);
});

test('the background has a turn after eight others, however many come', async () => {
  const sales = Array.from({ length: 20 }, (_, at) => `sale ${at + 1}`);
  const had = await orderOf(['background 1', 'background 2', ...sales]);
  expect(had.indexOf('background 1')).toBe(8);
  expect(had.indexOf('background 2')).toBe(17);
});

test('one at a time has it, and it is free again after the last', async () => {
  const line = createLine();
  const leave = await line.enter();
  let entered = false;
  const next = line.enter().then((end) => {
    entered = true;
    return end;
  });
  await Promise.resolve();
  expect(entered).toBe(false);
  leave();
  (await next)();
  (await line.enter())();
});
