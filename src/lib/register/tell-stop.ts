/** "Stop payment" on its way to the server: repeated until it was heard. */
import type { Api, Attempt } from './api';
import { delay, type Clock } from './ports';

/** Pauses after questions that got no answer. */
const pausesMs = [500, 1000, 2000, 4000, 8000] as const;
const longestPauseMs = 10_000;

/** How long to rest after so many silences in a row. */
export function pauseAfter(silences: number): number {
  return pausesMs[silences] ?? longestPauseMs;
}

/**
 * @param wanted false once the payment has ended: nothing is to be stopped any more
 * @returns the payment as the server answered; null where it ended before, or the server had nothing to say
 */
export async function tellStop({
  api,
  clock,
  attemptId,
  wanted,
  signal
}: {
  readonly api: Pick<Api, 'cancelPayment'>;
  readonly clock: Clock;
  readonly attemptId: string;
  readonly wanted: () => boolean;
  readonly signal: AbortSignal;
}): Promise<Attempt | null> {
  for (let silences = 0; wanted() && !signal.aborted; silences += 1) {
    const answer = await api.cancelPayment(attemptId);
    if (answer.ok) return answer.value;
    // not there yet (its request may be on the way), or no network: once more
    await delay({ clock, ms: pauseAfter(silences), signal });
  }
  return null;
}
