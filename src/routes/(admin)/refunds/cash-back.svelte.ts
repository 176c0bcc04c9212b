/**
 * "Pay cash back": a refund that the wallet did not carry out, out of the drawer instead.
 *
 * One id stands for one payout from the first press until the server has answered: pressing twice, or again after an
 * answer was lost, is the same payout.
 */
import { saysNo } from '$lib/register/api';
import { isSignedOut, type ApiResult, type OfficeApi } from '$lib/register/office-api';
import type { NewId } from '$lib/register/ports';
import type { Proof, ProofNeeded, RefundView } from '$lib/wire/refunds';
import { unanswered, type Confirming } from './refund-desk.svelte';

export interface CashBackParts {
  readonly api: Pick<OfficeApi, 'proofFor' | 'payRefundInCash'>;
  readonly heard: <Value>(answer: ApiResult<Value>) => ApiResult<Value>;
  readonly newId: NewId;
  /** It is written down: the cash may be handed over. */
  readonly onpaid: (refund: RefundView) => void;
  /** The server said no: what it knows of the order may have changed. */
  readonly onrefused: () => void;
}

export class CashBack {
  readonly #parts: CashBackParts;
  /** By refund, so that closing the dialog after a lost answer does not make a second payout. */
  readonly #ids: Record<string, string> = {};
  #refund = $state.raw<RefundView | null>(null);
  #confirming = $state.raw<Confirming | null>(null);
  #needs = $state.raw<ProofNeeded | null>(null);

  constructor(parts: CashBackParts) {
    this.#parts = parts;
  }

  /** The refund that the dialog is about. */
  get refund(): RefundView | null {
    return this.#refund;
  }
  /** What the dialog says; null: it is not open. */
  get confirming(): Confirming | null {
    return this.#confirming;
  }
  /** What the dialog asks for; null while the server is asked. */
  get needs(): ProofNeeded | null {
    return this.#needs;
  }

  confirm(refund: RefundView): void {
    this.#refund = refund;
    this.#confirming = { kind: 'asking' };
    void this.#askWhatItNeeds(refund);
  }

  notNow(): void {
    if (this.#confirming?.kind === 'sending') return;
    this.#confirming = null;
    this.#refund = null;
  }

  async send(proof: Proof): Promise<void> {
    const refund = this.#refund;
    if (refund === null || this.#confirming === null || this.#confirming.kind === 'sending') return;
    this.#confirming = { kind: 'sending' };
    const cashId = (this.#ids[refund.refundId] ??= this.#parts.newId());
    const answer = this.#parts.heard(
      await this.#parts.api.payRefundInCash(refund.refundId, {
        cashId,
        amountMinor: refund.amountMinor,
        currency: refund.currency,
        ...proof
      })
    );
    if (answer.ok) {
      this.#confirming = null;
      this.#refund = null;
      this.#parts.onpaid(answer.value);
      return;
    }
    if (!saysNo(answer)) {
      this.#confirming = unanswered(answer);
      return;
    }
    const { code, detail } = answer.problem;
    if (isSignedOut(answer)) {
      this.#confirming = { kind: 'asking' };
      return;
    }
    if (code === 'wrong_password' || code === 'too_many_tries') {
      this.#confirming = { kind: 'wrong_password', detail };
      return;
    }
    if (code === 'proof_needed') {
      this.#confirming = { kind: 'asking' };
      await this.#askWhatItNeeds(refund);
      return;
    }
    this.#confirming = { kind: 'refused', detail };
    this.#parts.onrefused();
  }

  async #askWhatItNeeds({ attemptId, amountMinor }: RefundView): Promise<void> {
    this.#needs = null;
    const answer = this.#parts.heard(await this.#parts.api.proofFor({ attemptId, amountMinor }));
    this.#needs = answer.ok ? answer.value : 'password';
  }
}
