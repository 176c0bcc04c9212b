/**
 * What a register's opening check asks: this server's clock, and whether the gateway would take a payment now. In the
 * morning nobody has heard from the gateway yet, so it is asked: the same question as the admin's connection check, which
 * moves no money.
 */
import type { ConnectionCheckView, Opening } from '$lib/wire/settings';

/** Several tills open at the same minute: one question is enough for them. */
const askAgainMs = 15_000;

/**
 * @param options.ask the connection check
 * @param options.now wall clock, milliseconds since 1970
 * @param options.monotonicNow milliseconds from any beginning, never set back
 */
export function createOpeningDesk({
  ask,
  now,
  monotonicNow = () => performance.now()
}: {
  readonly ask: () => Promise<ConnectionCheckView>;
  readonly now: () => number;
  readonly monotonicNow?: () => number;
}): () => Promise<Opening> {
  let last: { readonly check: Promise<ConnectionCheckView>; readonly atMs: number } | null = null;
  return async () => {
    const atMs = monotonicNow();
    if (last === null || atMs - last.atMs >= askAgainMs) last = { check: ask(), atMs };
    const check = await last.check.catch((error: unknown) => {
      last = null;
      throw error;
    });
    // read last: the answer may have taken seconds, and the till compares its own clock with this one
    return { gateway: wordOf(check), gatewayClockOffMs: check.clockOffMs, nowMs: now() };
  };
}

function wordOf({ steps }: ConnectionCheckView): Opening['gateway'] {
  if (steps.reach === 'bad') return 'unreachable';
  const understood = [steps.their_signature, steps.our_signature, steps.merchant].every(
    (step) => step !== 'bad'
  );
  // a clock that is off a little is told apart; one for which the gateway refuses everything proves no signature
  const clockRefused = steps.clock === 'bad' && steps.our_signature === 'unclear';
  return understood && !clockRefused ? 'ok' : 'refused';
}
