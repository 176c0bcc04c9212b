import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dueNow } from './when-due';
import { openEngine, refused, seen, type Engine } from './engine.fixture';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

async function askNow(id: string): Promise<void> {
  await engine.ledger.db
    .updateTable('attempts')
    .set(dueNow(engine.clock.nowMs))
    .where('id', '=', id)
    .execute();
}

describe('a wish to ask at once', () => {
  test('that comes while the row is being asked about is answered by one more turn', async () => {
    const row = await engine.pay();
    engine.pass(5000);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => {
      engine.pass(200);
      await askNow(row.id);
      engine.pass(200);
      engine.gateway.queryPayment = async () => seen(merchantOrderNo, 'succeeded');
      return refused('system');
    };
    expect(await engine.turn()).toBe(1);
    expect(await engine.turn()).toBe(1);
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
  });

  test('is answered once, also when the clock was set back since', async () => {
    const row = await engine.pay();
    await askNow(row.id);
    engine.clock.nowMs -= 3_600_000;
    await engine.ledger.db.updateTable('attempts').set({ next_due_at_ms: engine.clock.nowMs }).execute();
    expect(await engine.turn()).toBe(1);
    expect(await engine.turn()).toBe(0);
  });
});
