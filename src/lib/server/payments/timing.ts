/**
 * When the gateway is asked, and when a payment is stopped. All ages are counted from the commit of the row that says
 * "sending". Source: the contract's "Timing rules".
 */

/** The contract's durations in milliseconds, divided by the time scale (training only). */
export interface Timing {
  /** Queries come this far apart while the shopper is at the counter. */
  readonly counterGapMs: number;
  /** How long the shopper has; then Till stops the payment by itself. */
  readonly counterMs: number;
  /** No cancel is sent sooner. */
  readonly cancelNotBeforeMs: number;
  /** A cancel whose answer was lost, or that met a payment in progress, is sent again after this. */
  readonly cancelAgainMs: number;
  /** An answered cancel that changed nothing is sent again after this. */
  readonly cancelRepeatMs: number;
  /** What was committed and is not on its way within this time is not sent any more: its process slept. */
  readonly sendWithinMs: number;
  /** Sent with every submit, whole seconds: the contract's value, whatever the scale. */
  readonly expiresSeconds: number;
  /** From this age "not found" starts to prove something. */
  readonly notFoundCountsFromMs: number;
  /** An attempt that ended as not received is asked about once more at this age. */
  readonly lookAgainAtMs: number;
  /** Two reads that say "paid after all" must be this far apart. */
  readonly lateReadsApartMs: number;
  /** A refund is sent again only after two "not found" this far apart. */
  readonly refundNotFoundApartMs: number;
  /** A refund that waits for funds is sent again after this. */
  readonly fundsAgainMs: number;
  /** A submit without an answer for this long is in doubt. */
  readonly submitDoubtMs: number;
  /** A row that never left `intent` for this long was never sent. */
  readonly intentLifeMs: number;
  /** The ages at which the gateway is asked after the counter, until it becomes hourly. */
  readonly deskAgesMs: readonly number[];
  readonly hourlyMs: number;
  /** How long one worker may hold a row. */
  readonly leaseMs: number;
  /** A day's check asks about one payment, and then about the next after this: it never stands in a sale's way. */
  readonly reconcileGapMs: number;
  /** A check asks again after this where it had no answer; then after twice as long, and so on. */
  readonly reconcileAgainMs: number;
  /** The same code is refused in another attempt for this long. */
  readonly codeOnceMs: number;
}

const second = 1000;
const minute = 60 * second;

/** @param options.timeScale divides every duration; 1 outside training */
export function createTiming(options: { timeScale: number; callTimeoutMs: number }): Timing {
  const scaled = (ms: number): number => Math.max(1, Math.round(ms / options.timeScale));
  return {
    counterGapMs: scaled(5 * second),
    counterMs: scaled(60 * second),
    cancelNotBeforeMs: scaled(15 * second),
    cancelAgainMs: scaled(5 * second),
    cancelRepeatMs: scaled(30 * second),
    sendWithinMs: 2 * second,
    expiresSeconds: 120,
    notFoundCountsFromMs: scaled(180 * second),
    lookAgainAtMs: scaled(20 * minute),
    lateReadsApartMs: scaled(5 * second),
    refundNotFoundApartMs: scaled(minute),
    fundsAgainMs: scaled(5 * minute),
    submitDoubtMs: options.callTimeoutMs + scaled(5 * second),
    intentLifeMs: Math.max(scaled(15 * second), 2 * second),
    // 10 s, 20 s … up to 5 min after the counter's minute.
    deskAgesMs: [70, 90, 130, 210, 370, 670].map((age) => scaled(age * second)),
    hourlyMs: scaled(60 * minute),
    leaseMs: options.callTimeoutMs * 4,
    reconcileGapMs: scaled(200),
    reconcileAgainMs: scaled(minute),
    codeOnceMs: scaled(10 * minute)
  };
}

/**
 * How long until the next question, at this age. Always above zero.
 *
 * @param id spreads the questions about payments that an outage left behind together: each comes up to a tenth later, by its
 *   own number
 */
export function nextAskIn(timing: Timing, ageMs: number, id = ''): number {
  if (ageMs < timing.counterMs) {
    const next = (Math.floor(Math.max(0, ageMs) / timing.counterGapMs) + 1) * timing.counterGapMs;
    return Math.max(1, Math.min(next, timing.counterMs) - ageMs);
  }
  for (const age of timing.deskAgesMs) {
    if (age > ageMs) return later(age - ageMs, id);
  }
  return later(timing.hourlyMs, id);
}

function later(ms: number, id: string): number {
  const part = Number.parseInt(id.slice(0, 4), 16) / 0x1_00_00;
  return Number.isNaN(part) ? ms : Math.round(ms * (1 + part / 10));
}
