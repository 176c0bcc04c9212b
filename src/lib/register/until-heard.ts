import type { ApiResult } from './api';
import { delay, type Clock } from './ports';

const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/**
 * Tells the server something until it has heard it. The journal has it already, so that nothing is lost where the page
 * goes first.
 */
export async function untilHeard({
  tell,
  clock,
  signal
}: {
  readonly tell: () => Promise<ApiResult<unknown>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const answer = await tell();
    // refused by the server: saying it again would change nothing
    if (answer.ok || (answer.problem !== null && answer.problem.status < 500)) return;
    await delay({ clock, ms: pauseMs, signal });
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}
