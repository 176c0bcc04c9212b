import type { Courier } from './courier.ts';
import { nextDueAt, settleDue, type Counter } from './settle.ts';

/** With a clock that is injected and jumps, a timer's length says little: look again at least this often. */
const lookAtLeastEveryMs = 1_000;

/** Makes things happen by themselves: one timer, set to whatever the book says is due next. */
export class Clerk {
  readonly #counter: Counter;
  readonly #courier: Courier;
  readonly #onProblem: (problem: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(o: {
    readonly counter: Counter;
    readonly courier: Courier;
    readonly onProblem: (problem: unknown) => void;
  }) {
    this.#counter = o.counter;
    this.#courier = o.courier;
    this.#onProblem = o.onProblem;
  }

  /** Does what is due and sets the timer anew. A full disk must not take the process down: it is told, and tried again. */
  look(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    let waitMs: number | undefined = lookAtLeastEveryMs;
    try {
      settleDue(this.#counter);
      this.#courier.sendDue();
      const dueAt = Math.min(nextDueAt(this.#counter) ?? Infinity, this.#courier.nextDueAt() ?? Infinity);
      waitMs = dueAt === Infinity ? undefined : dueAt - this.#counter.now();
    } catch (problem) {
      this.#onProblem(problem);
    }
    if (waitMs === undefined) return;
    this.#timer = setTimeout(() => this.look(), Math.min(Math.max(waitMs, 1), lookAtLeastEveryMs));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
