/**
 * Puts the ledger where it would be had the gateway's answer come only later. The sandbox always tells the truth in time,
 * so what a manager's desk is for can't be brought about through it alone; its own book stays as it is.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Till } from './till-server.ts';

const settledWithinMs = 15_000;

/** Waits until the gateway's notification was heard and asked about: later it would undo what is played here. */
async function settled(till: Till, attemptId: string): Promise<void> {
  const until = performance.now() + settledWithinMs;
  while (performance.now() < until) {
    const [row] = till.ledger(
      `SELECT 1 FROM attempts a JOIN inbox i ON i.merchant_order_no = a.merchant_order_no
       WHERE a.id = ? AND a.next_due_at_ms IS NULL AND a.lease_owner IS NULL AND a.ask_wanted_at_ms IS NULL`,
      attemptId
    );
    if (row !== undefined) return;
    await delay(50);
  }
  throw new Error('the gateway never told of a payment');
}

function write(till: Till, change: (ledger: DatabaseSync) => void): void {
  const ledger = new DatabaseSync(till.databasePath, { timeout: 5_000 });
  try {
    change(ledger);
  } finally {
    ledger.close();
  }
}

/** A paid sale, as if it had ended as stopped and its money had come after that. */
export async function cameLate(till: Till, sale: { attemptId: string; orderId: string }): Promise<void> {
  await settled(till, sale.attemptId);
  write(till, (ledger) => {
    ledger
      .prepare(`UPDATE attempts SET state = 'paid_late', version = version + 1 WHERE id = ?`)
      .run(sale.attemptId);
    ledger
      .prepare(
        `INSERT INTO tasks (key, kind, attempt_id, order_id, text, created_at_ms)
         VALUES (?, 'late_money', ?, ?, 'Money came after the payment had ended without it', ?)`
      )
      .run(`late_money:${sale.attemptId}`, sale.attemptId, sale.orderId, Date.now());
  });
}

/** A paid sale, as if the ledger had heard nothing of it for two minutes, and would ask again only in a while. */
export async function notHeardOf(
  till: Till,
  sale: { attemptId: string },
  nextAskInMs = 3_600_000
): Promise<void> {
  await settled(till, sale.attemptId);
  const now = Date.now();
  write(till, (ledger) => {
    ledger
      .prepare(
        `UPDATE attempts SET state = 'unknown', version = version + 1, ended_at_ms = NULL, created_at_ms = ?,
           submitted_at_ms = ?, next_due_at_ms = ? WHERE id = ?`
      )
      .run(now - 120_000, now - 120_000, now + nextAskInMs, sale.attemptId);
  });
}

/** A paid sale, as if the ledger held that its wallet payment was stopped, although the gateway's book says paid. */
export async function heldAsStopped(till: Till, sale: { attemptId: string }): Promise<void> {
  await settled(till, sale.attemptId);
  write(till, (ledger) => {
    ledger.prepare(`UPDATE attempts SET state = 'cancelled' WHERE id = ?`).run(sale.attemptId);
  });
}
