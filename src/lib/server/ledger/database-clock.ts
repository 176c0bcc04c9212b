/**
 * The database's clock, read without asking it each time: its distance to this process's monotonic clock is measured now
 * and then. Due times and leases then mean the same in every instance, and nobody who sets this machine's clock moves them.
 */

/** One look at the other clock. */
export interface ClockSample {
  /** What the database said, milliseconds since 1970. */
  readonly databaseMs: number;
  /** The monotonic clock before the question and after the answer. */
  readonly askedMs: number;
  readonly answeredMs: number;
}

export interface DatabaseClock {
  nowMs(): number;
  /** Takes a look into account. A difference that the way there and back explains is none. */
  add(sample: ClockSample): void;
}

/** @param options.first at least one; the quickest one counts */
export function createDatabaseClock(options: {
  first: readonly [ClockSample, ...ClockSample[]];
  monotonicNow: () => number;
}): DatabaseClock {
  const quickest = options.first.reduce((best, sample) => (doubtOf(sample) < doubtOf(best) ? sample : best));
  let distanceMs = distanceOf(quickest);
  return {
    nowMs: () => Math.floor(options.monotonicNow() + distanceMs),
    add(sample) {
      const seen = distanceOf(sample);
      const doubt = doubtOf(sample);
      // No further than it must: time here does not jump about with the network's mood.
      if (seen - doubt > distanceMs) distanceMs = seen - doubt;
      else if (seen + doubt < distanceMs) distanceMs = seen + doubt;
    }
  };
}

function distanceOf({ databaseMs, askedMs, answeredMs }: ClockSample): number {
  return databaseMs - (askedMs + answeredMs) / 2;
}

function doubtOf({ askedMs, answeredMs }: ClockSample): number {
  return (answeredMs - askedMs) / 2;
}
