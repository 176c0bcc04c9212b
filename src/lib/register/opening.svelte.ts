/**
 * The opening check of a register: once in a business day, before its first line. It stops nobody: the first line that is
 * sold, or one press, puts it away for the day.
 */
import { businessDayOf } from '$lib/order/business-day';
import { openingSchema } from '$lib/wire/settings';
import { call, sendByFetch, shaped, type SendRequest } from './api';
import {
  gradesOf,
  judgeOpening,
  type HeardOpening,
  type OpeningFindings,
  type OpeningGrade
} from './opening-check';
import type { Register } from './register.svelte';

/** The gateway may take as long as `CODEPAY_TIMEOUT_MS` says. */
const askWithinMs = 60_000;

export class Opening {
  readonly #register: Register;
  readonly #send: SendRequest;
  readonly #now: () => number;
  #heard = $state.raw<HeardOpening | 'asking' | null>('asking');
  #soundOn = $state(false);
  #today = $state('');

  /** @param now milliseconds since 1970, by this tablet: its clock is part of what is checked */
  constructor({
    register,
    now,
    send = sendByFetch({})
  }: {
    readonly register: Register;
    readonly now: () => number;
    readonly send?: SendRequest;
  }) {
    this.#register = register;
    this.#now = now;
    this.#send = send;
    this.lookAtClock();
    this.lookAtSound();
  }

  /** True until somebody sold or pressed on this business day. */
  get isDue(): boolean {
    return this.#today !== '' && this.#register.settings.openedDay !== this.#today;
  }
  get findings(): OpeningFindings {
    return judgeOpening({
      heard: this.#heard,
      scanners: this.#register.scanners.list,
      soundOn: this.#soundOn,
      room: this.#register.books.diskRoom
    });
  }
  get grades(): readonly OpeningGrade[] {
    return gradesOf(this.findings);
  }

  /** Asks the server, which asks the gateway. */
  async ask(): Promise<void> {
    this.#heard = 'asking';
    const answer = await call(this.#send, {
      method: 'get',
      path: '/api/opening',
      read: shaped(openingSchema),
      timeoutMs: askWithinMs
    });
    this.#heard = answer.ok ? { opening: answer.value, heardAtMs: this.#now() } : null;
    this.lookAtSound();
  }
  /** To be called now and then: a till that is left on overnight opens too. */
  lookAtClock(): void {
    const { shop } = this.#register;
    if (shop !== null) this.#today = businessDayOf({ atMs: this.#now(), ...shop });
  }
  /** To be called after a tap: any of them may have allowed sound. */
  lookAtSound(): void {
    this.#soundOn = this.#register.sounds.unlocked;
  }
  async playSound(): Promise<void> {
    const { sounds } = this.#register;
    if (!sounds.unlocked) await sounds.unlock();
    sounds.play('paid');
    this.lookAtSound();
  }
  /** Seen, for this business day. */
  putAway(): void {
    this.lookAtClock();
    if (this.isDue) this.#register.saveSettings({ openedDay: this.#today });
  }
}
