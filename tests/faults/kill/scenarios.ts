/** What is killed where, and what must hold afterwards; played on either database. */
import { expect } from 'vitest';
import { newId } from '../../support/api';
import type { CrashPoint } from './orders';
import type { Victim } from './victim';

const submit = 'bscanc.pay.submit';
const cancel = 'order.revoker';

export interface Scenario {
  readonly title: string;
  /** Divides the contract's durations; where a payment must not reach its minute, a smaller one. */
  readonly timeScale?: number;
  readonly play: (victim: Victim) => Promise<void>;
}

/** A payment whose process dies at this point of it. */
async function dieWhilePaying(victim: Victim, point: CrashPoint): Promise<string> {
  victim.arm(point);
  const { attemptId } = victim.pay();
  await victim.gone();
  await victim.restart();
  return attemptId;
}

/** A payment that has ended as paid. */
async function paid(victim: Victim): Promise<{ id: string; number: string }> {
  const { attemptId } = victim.pay();
  await victim.until('the payment', async () => (await find(victim, attemptId)) !== undefined);
  const row = await victim.ended(attemptId);
  expect(row.state).toBe('succeeded');
  return { id: row.id, number: row.merchant_order_no };
}

function find(victim: Victim, id: string): Promise<{ id: string } | undefined> {
  return victim.ledger.db.selectFrom('attempts').select('id').where('id', '=', id).executeTakeFirst();
}

/** A payment whose shopper never answers, and the wish to stop it. */
async function stopped(victim: Victim): Promise<string> {
  victim.fake.book.rules.shopper = () => ({ kind: 'never' });
  const { attemptId, answered } = victim.pay();
  expect((await answered)?.status).toBe(202);
  const stop = await victim.cashier.post(`/api/payments/${attemptId}/cancel`, {});
  expect(stop.status).toBe(202);
  return attemptId;
}

async function giveBack(victim: Victim, attemptId: string): Promise<string> {
  const refundId = newId();
  const admin = await victim.admin();
  void admin
    .post('/api/refunds', {
      refundId,
      attemptId,
      amountMinor: 100,
      currency: 'USD',
      reason: 'Broken',
      lines: [],
      password: 'training'
    })
    .catch(() => null);
  return refundId;
}

async function timesReceived(victim: Victim): Promise<number[]> {
  const rows = await victim.ledger.db.selectFrom('inbox').select('times_received').execute();
  return rows.map((row) => row.times_received);
}

export const afterIntent: Scenario = {
  title: '#32 after the payment was written down ends it as not sent, and nothing ever leaves',
  async play(victim) {
    const id = await dieWhilePaying(victim, 'after_intent');
    expect(await victim.ended(id)).toMatchObject({ state: 'failed', fail_reason: 'not_sent' });
    expect(victim.fake.count(submit)).toBe(0);
  }
};

export const afterSubmitCommit: Scenario = {
  title: '#32 between "sending" and the sending is asked about, shut by a cancel, and never sent again',
  async play(victim) {
    const id = await dieWhilePaying(victim, 'after_submit_commit');
    expect(await victim.ended(id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    expect(victim.fake.count(submit)).toBe(0);
    expect(victim.fake.count(cancel)).toBeGreaterThan(0);
  }
};

export const whileSending: Scenario = {
  title: '#33 while the gateway is charging finds the payment by asking',
  async play(victim) {
    const { pid } = victim.till;
    victim.fake.script(submit, { first: () => void process.kill(pid, 'SIGKILL') });
    const { attemptId } = victim.pay();
    await victim.gone();
    await victim.restart();
    expect((await victim.ended(attemptId)).state).toBe('succeeded');
    expect(victim.fake.count(submit)).toBe(1);
  }
};

export const afterSend: Scenario = {
  title: '#33 with the answer in its hands, before it was written down, finds the payment by asking',
  async play(victim) {
    const id = await dieWhilePaying(victim, 'after_send');
    expect(await victim.ended(id)).toMatchObject({ state: 'succeeded', submit_answered_at_ms: null });
    expect(victim.fake.count(submit)).toBe(1);
  }
};

export const afterRecord: Scenario = {
  title: '#34 after the answer was written down tells the end to the browser that asks by the attempt’s id',
  async play(victim) {
    const id = await dieWhilePaying(victim, 'after_record');
    const answer = await victim.cashier.get(`/api/payments/${id}`);
    expect(answer.status).toBe(200);
    const facts = (await answer.json()) as Parameters<typeof victim.cashier.ended>[0];
    expect((await victim.cashier.ended(facts)).state).toBe('succeeded');
    expect(victim.fake.count(submit)).toBe(1);
  }
};

export const beforeInboxCommit: Scenario = {
  title: '#30 in the webhook, before its commit, has not said "success", and the repeat is taken',
  async play(victim) {
    const { number } = await paid(victim);
    victim.arm('inbox.before_commit');
    const body = victim.fake.webhookBody({ number });
    expect(await victim.webhook(body)).toBeNull();
    await victim.gone();
    expect(await timesReceived(victim)).toEqual([]);
    await victim.restart();
    expect(await victim.webhook(body)).toEqual({ status: 200, text: 'success' });
    expect(await timesReceived(victim)).toEqual([1]);
  }
};

export const afterInboxCommit: Scenario = {
  title: '#30 in the webhook, after its commit, keeps it, and the repeat has no second effect',
  async play(victim) {
    const { id, number } = await paid(victim);
    victim.arm('inbox.after_commit');
    const body = victim.fake.webhookBody({ number });
    expect(await victim.webhook(body)).toBeNull();
    await victim.gone();
    expect(await timesReceived(victim)).toEqual([1]);
    await victim.restart();
    expect(await victim.webhook(body)).toEqual({ status: 200, text: 'success' });
    expect(await timesReceived(victim)).toEqual([2]);
    expect((await victim.attempt(id)).state).toBe('succeeded');
  }
};

export const afterCancelCommit: Scenario = {
  title: '#10 between a cancel’s commit and its sending asks first, then cancels anew',
  async play(victim) {
    victim.arm('after_cancel_commit');
    const id = await stopped(victim);
    await victim.gone();
    expect(victim.fake.count(cancel)).toBe(0);
    await victim.restart();
    expect((await victim.ended(id)).state).toBe('cancelled');
    const last = victim.fake.calls.findLast((call) => call.method === cancel);
    const asked = victim.fake.calls.filter((call) => call.method === 'order.query');
    expect(asked.some((call) => call.atMs <= (last?.atMs ?? 0))).toBe(true);
  }
};

export const afterCancelSend: Scenario = {
  title: '#10 after the gateway took a cancel, before it was written down, ends as cancelled by a query',
  async play(victim) {
    victim.arm('after_cancel_send');
    const id = await stopped(victim);
    await victim.gone();
    expect((await victim.attempt(id)).cancel_standing).toBe('unanswered');
    await victim.restart();
    expect((await victim.ended(id)).state).toBe('cancelled');
  }
};

export const afterRefundCommit: Scenario = {
  title: '#61 between a refund’s commit and its sending sends the same number once it is proven missing',
  async play(victim) {
    const { id } = await paid(victim);
    victim.arm('after_refund_commit');
    const refundId = await giveBack(victim, id);
    await victim.gone();
    expect(victim.fake.book.refunds.size).toBe(0);
    await victim.restart();
    expect((await victim.refundEnded(refundId)).state).toBe('succeeded');
    expect([...victim.fake.book.refunds.values()].map((refund) => refund.submits)).toEqual([1]);
  }
};

export const afterRefundSend: Scenario = {
  title: '#61 after the gateway took a refund, before it was written down, finds it by asking',
  async play(victim) {
    const { id } = await paid(victim);
    victim.arm('after_refund_send');
    const refundId = await giveBack(victim, id);
    await victim.gone();
    await victim.restart();
    expect((await victim.refundEnded(refundId)).state).toBe('succeeded');
    expect([...victim.fake.book.refunds.values()].map((refund) => refund.submits)).toEqual([1]);
  }
};

export const sigtermWhilePolling: Scenario = {
  title:
    '#35 by SIGTERM, while a shopper types the password and a register waits, goes on asking where it was',
  timeScale: 4,
  async play(victim) {
    victim.fake.book.rules.shopper = () => ({ kind: 'never' });
    const { attemptId, answered } = victim.pay();
    const facts = (await (await answered)?.json()) as { version: number };
    const path = `/api/payments/${attemptId}?after=${facts.version + 9}&waitMs=25000`;
    const waiting = victim.cashier.get(path).catch(() => null);
    const { number } = await victim.fake.arrival('order.query', 1);
    process.kill(victim.till.pid, 'SIGTERM');
    await victim.gone();
    await waiting;
    victim.fake.book.pay(number);
    // The register would have waited for 25 s: no request holds the server back.
    expect(victim.till.log()).not.toContain('did not stop in time');
    await victim.restart();
    expect((await victim.ended(attemptId)).state).toBe('succeeded');
    expect(victim.fake.count(submit)).toBe(1);
  }
};

export const frozenBeforeCancel: Scenario = {
  title: '#45 frozen between a cancel’s commit and its sending past its lease, sends none when it wakes',
  async play(victim) {
    victim.arm('after_cancel_commit', 'SIGSTOP');
    const id = await stopped(victim);
    await victim.frozen();
    await victim.another();
    expect((await victim.ended(id)).state).toBe('cancelled');
    const sent = victim.fake.count(cancel);
    process.kill(victim.till.pid, 'SIGCONT');
    // It is awake when it answers, and through with what it had begun when it has taken a payment of its own.
    victim.fake.book.rules.shopper = () => ({ kind: 'pays', afterMs: 0 });
    await paid(victim);
    expect(victim.fake.count(cancel)).toBe(sent);
    expect((await victim.attempt(id)).state).toBe('cancelled');
  }
};

export const frozenBeforeSubmit: Scenario = {
  title:
    '#45 frozen between "sending" and the sending, while another process gave the payment up, sends nothing',
  async play(victim) {
    victim.arm('after_submit_commit', 'SIGSTOP');
    const { attemptId } = victim.pay();
    await victim.frozen();
    await victim.another();
    expect(await victim.ended(attemptId)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    process.kill(victim.till.pid, 'SIGCONT');
    await victim.until('the waking', async () => {
      const rows = await victim.ledger.db
        .selectFrom('events')
        .select('what')
        .where('subject_id', '=', attemptId)
        .execute();
      return rows.some((row) => row.what === 'submit_unanswered');
    });
    expect(victim.fake.count(submit)).toBe(0);
    expect((await victim.attempt(attemptId)).state).toBe('failed');
  }
};
