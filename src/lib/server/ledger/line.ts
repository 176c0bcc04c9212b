/**
 * Who has the one connection, and who is next: what somebody at a counter waits for goes before what an outage left behind.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const background = new AsyncLocalStorage<true>();
/** So many may pass the background before one of it has its turn: it gets slower, and never stands still. */
const passesAtMost = 8;

/** Runs work that nobody waits for: all its queries let others go first. */
export function inBackground<T>(work: () => T): T {
  return background.run(true, work);
}

/** A line for a thing that one may have at a time. */
export interface Line {
  /** Resolves when it is the caller's turn, with what ends the turn. */
  enter(): Promise<() => void>;
}

export function createLine(): Line {
  const urgent: (() => void)[] = [];
  const patient: (() => void)[] = [];
  let isTaken = false;
  let passes = 0;

  function leave(): void {
    const letsPatient = patient.length > 0 && (urgent.length === 0 || passes >= passesAtMost);
    const next = letsPatient ? patient.shift() : urgent.shift();
    passes = letsPatient || patient.length === 0 ? 0 : passes + 1;
    if (next === undefined) isTaken = false;
    else next();
  }

  return {
    enter() {
      return new Promise((resolve) => {
        const begin = (): void => resolve(leave);
        if (isTaken) (background.getStore() === true ? patient : urgent).push(begin);
        else {
          isTaken = true;
          begin();
        }
      });
    }
  };
}
