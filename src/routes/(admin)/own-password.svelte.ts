/** Asks for the admin's own password where the server wants it for a change, and sends the same change again with it. */
import type { ApiResult } from '$lib/register/office-api';

/** What goes with the change: nothing at first. */
export interface OwnPasswordTyped {
  readonly ownPassword?: string;
}

export class OwnPassword {
  #answer: ((typed: string | null) => void) | null = null;
  #asking = $state(false);
  #sending = $state(false);
  #wrong = $state.raw<string | null>(null);

  /** The dialog is open. */
  get asking(): boolean {
    return this.#asking;
  }
  get sending(): boolean {
    return this.#sending;
  }
  /** Why what was typed was not taken; null: nothing was typed yet. */
  get wrong(): string | null {
    return this.#wrong;
  }

  /**
   * Sends a change, and again with each password that is typed until the server takes one.
   *
   * @returns the server's answer; null where somebody closed the dialog: nothing was changed
   */
  async confirm<Value>(
    send: (own: OwnPasswordTyped) => Promise<ApiResult<Value>>
  ): Promise<ApiResult<Value> | null> {
    let answer = await send({});
    while (isAboutProof(answer)) {
      const typed = await this.#ask(answer);
      if (typed === null) {
        this.#close();
        return null;
      }
      this.#sending = true;
      answer = await send({ ownPassword: typed });
    }
    this.#close();
    return answer;
  }

  typed(password: string): void {
    this.#answer?.(password);
  }
  notNow(): void {
    if (!this.#sending) this.#answer?.(null);
  }

  #ask(answer: ApiResult<unknown>): Promise<string | null> {
    const problem = answer.ok ? null : answer.problem;
    this.#wrong = problem === null || problem.code === 'proof_needed' ? null : problem.detail;
    this.#sending = false;
    this.#asking = true;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }
  #close(): void {
    this.#answer = null;
    this.#asking = false;
    this.#sending = false;
    this.#wrong = null;
  }
}

function isAboutProof(answer: ApiResult<unknown>): boolean {
  const code = answer.ok ? undefined : answer.problem?.code;
  return code === 'wrong_password' || code === 'too_many_tries' || code === 'proof_needed';
}
