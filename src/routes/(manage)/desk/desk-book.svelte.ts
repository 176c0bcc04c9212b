/** What the desk's page knows and does. Every press is sent once; what went wrong stands at its row. */
import { saysNo } from '$lib/register/api';
import type { ApiFailure, ApiResult, OfficeApi } from '$lib/register/office-api';
import type { NewId } from '$lib/register/ports';
import type { Desk, DeskAttempt, DeskTask, Reconciliation, ResolutionName } from '$lib/wire/desk';
import type { Proof, ProofNeeded } from '$lib/wire/refunds';

/** What is being confirmed. */
export type Asking =
  | { readonly kind: 'attach' | 'give_back' | 'done'; readonly task: DeskTask }
  | { readonly kind: 'resolve'; readonly resolution: ResolutionName; readonly item: DeskAttempt };

/** Words for what no server said. */
export interface DeskWords {
  noAnswer(): string;
  problem(): string;
  /** The reason that a refund from the desk carries. */
  reasonOf(task: DeskTask): string;
}

export interface DeskBookParts {
  readonly api: Pick<OfficeApi, 'desk' | 'proofFor' | 'requestRefund'>;
  readonly heard: <Value>(answer: ApiResult<Value>) => ApiResult<Value>;
  readonly newId: NewId;
  readonly words: DeskWords;
}

export class DeskBook {
  readonly #parts: DeskBookParts;
  /** One id for one refund, however often it is pressed (money rule 7). */
  #refundIds: Readonly<Record<number, string>> = {};
  #desk = $state.raw<Desk | null>(null);
  #reports = $state.raw<readonly Reconciliation[] | null>(null);
  #asking = $state.raw<Asking | null>(null);
  #needs = $state.raw<ProofNeeded | null>(null);
  #sending = $state(false);
  #wrongPassword = $state<string | null>(null);
  #problems = $state.raw<Readonly<Record<string, string>>>({});

  constructor(parts: DeskBookParts) {
    this.#parts = parts;
  }

  get desk(): Desk | null {
    return this.#desk;
  }
  /** Newest first; null: not read yet. */
  get reports(): readonly Reconciliation[] | null {
    return this.#reports;
  }
  get asking(): Asking | null {
    return this.#asking;
  }
  /** What the refund's dialog asks for; null while the server is asked. */
  get needs(): ProofNeeded | null {
    return this.#needs;
  }
  get sending(): boolean {
    return this.#sending;
  }
  get wrongPassword(): string | null {
    return this.#wrongPassword;
  }
  /** What went wrong at a row: by `task:{id}`, `attempt:{id}` or `check`. */
  problemAt(row: string): string | null {
    return this.#problems[row] ?? null;
  }
  /** What went wrong with what is being confirmed. */
  get problem(): string | null {
    return this.#asking === null ? null : this.problemAt(rowOf(this.#asking));
  }

  async read(signal?: AbortSignal): Promise<boolean> {
    const { api, heard } = this.#parts;
    const [desk, reports] = await Promise.all([api.desk.read(), api.desk.reconciliations()]);
    if (signal?.aborted === true) return false;
    if (heard(reports).ok && reports.ok) this.#reports = reports.value;
    if (heard(desk).ok && desk.ok) this.#desk = desk.value;
    return desk.ok && reports.ok;
  }

  ask(asking: Asking): void {
    this.#wrongPassword = null;
    this.#forget(rowOf(asking));
    this.#asking = asking;
    if (asking.kind === 'give_back') void this.#askNeeds(asking.task);
  }
  /** Closes the dialog; what is under way goes on. */
  notNow(): void {
    if (!this.#sending) this.#asking = null;
  }

  async askNow(attemptId: string): Promise<void> {
    await this.#at(`attempt:${attemptId}`, () => this.#parts.api.desk.askPayment(attemptId));
  }

  async attach(): Promise<void> {
    const asking = this.#asking;
    if (asking?.kind !== 'attach') return;
    const attemptId = asking.task.about?.attempt.attemptId;
    if (attemptId !== undefined) await this.#confirm(asking, () => this.#parts.api.desk.attach(attemptId));
  }

  async resolve(why: string): Promise<void> {
    const asking = this.#asking;
    if (asking?.kind !== 'resolve') return;
    const { resolution, item } = asking;
    await this.#confirm(asking, () =>
      this.#parts.api.desk.resolve(item.attempt.attemptId, { resolution, why })
    );
  }

  async finish(why: string): Promise<void> {
    const asking = this.#asking;
    if (asking?.kind !== 'done') return;
    await this.#confirm(asking, () => this.#parts.api.desk.finish(asking.task.taskId, { why }));
  }

  async giveBack(proof: Proof): Promise<void> {
    const asking = this.#asking;
    if (asking?.kind !== 'give_back') return;
    const { task } = asking;
    if (task.about === null || task.giveBackMinor === null) return;
    const { attemptId, currency } = task.about.attempt;
    const refundId = this.#refundIds[task.taskId] ?? this.#parts.newId();
    this.#refundIds = { ...this.#refundIds, [task.taskId]: refundId };
    const amountMinor = task.giveBackMinor;
    const reason = this.#parts.words.reasonOf(task);
    await this.#confirm(asking, () =>
      this.#parts.api.requestRefund({
        refundId,
        attemptId,
        amountMinor,
        currency,
        reason,
        lines: [],
        ...proof
      })
    );
  }

  /** Checks the running business day against the wallet. */
  async check(): Promise<void> {
    await this.#at('check', () => this.#parts.api.desk.reconcile());
  }

  /** A press with a dialog: it closes only when the server has said yes. */
  async #confirm<Value>(asking: Asking, act: () => Promise<ApiResult<Value>>): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    this.#wrongPassword = null;
    const row = rowOf(asking);
    this.#forget(row);
    const answer = this.#parts.heard(await act());
    this.#sending = false;
    if (answer.ok) {
      this.#asking = null;
    } else if (isAboutProof(answer)) {
      this.#wrongPassword = answer.problem?.detail ?? null;
      if (answer.problem?.code === 'proof_needed' && asking.kind === 'give_back')
        await this.#askNeeds(asking.task);
    } else {
      this.#note(row, answer);
      // The server said no to this very refund: another try is another one.
      if (asking.kind === 'give_back' && saysNo(answer)) {
        this.#refundIds = without(this.#refundIds, asking.task.taskId);
      }
    }
    await this.read();
  }

  async #askNeeds({ about, giveBackMinor }: DeskTask): Promise<void> {
    this.#needs = null;
    const wanted = { attemptId: about?.attempt.attemptId ?? '', amountMinor: giveBackMinor ?? 0 };
    const answer = this.#parts.heard(await this.#parts.api.proofFor(wanted));
    // without an answer the password is right whatever the limit is
    this.#needs = answer.ok ? answer.value : 'password';
  }

  async #at<Value>(row: string, act: () => Promise<ApiResult<Value>>): Promise<void> {
    this.#forget(row);
    const answer = this.#parts.heard(await act());
    if (!answer.ok) this.#note(row, answer);
    await this.read();
  }

  #note(row: string, { problem, status }: ApiFailure): void {
    const { words } = this.#parts;
    const text = problem?.detail ?? (status === null ? words.noAnswer() : words.problem());
    this.#problems = { ...this.#problems, [row]: text };
  }
  #forget(row: string): void {
    this.#problems = without(this.#problems, row);
  }
}

function isAboutProof(answer: ApiResult<unknown>): boolean {
  const code = answer.ok ? undefined : answer.problem?.code;
  return code === 'wrong_password' || code === 'too_many_tries' || code === 'proof_needed';
}

function rowOf(asking: Asking): string {
  return asking.kind === 'resolve'
    ? `attempt:${asking.item.attempt.attemptId}`
    : `task:${asking.task.taskId}`;
}

function without(record: Readonly<Record<string, string>>, key: string | number): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== String(key)));
}
