import type { KeyObject } from 'node:crypto';
import { integerOf, integerOrNull, textOf, type Row } from './book-file.ts';
import type { Counter } from './settle.ts';
import { jsonText, signText, stringToSign, type FieldValue } from './signing.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The pauses after each send that was not answered with `success`: 15 sends in about 12 hours. */
export const webhookGapsMs: readonly number[] = [
  ...[5, 10, 15, 30, 60].map((n) => n * second),
  ...[3, 10, 15, 30, 30, 30].map((n) => n * minute),
  ...[3, 3, 3].map((n) => n * hour)
];

const answerTimeoutMs = 5_000;
const inFlightAtMost = 8;

/** Delivers notifications from the book: signed, repeated until the shop answers `success`, gone on with after a restart. */
export class Courier {
  readonly #counter: Counter;
  readonly #gatewayKey: KeyObject;
  readonly #onDone: () => void;
  readonly #onProblem: (problem: unknown) => void;
  /** Sent, but the book could not note it: left alone until the next start, or they would be sent without a pause. */
  readonly #setAside = new Set<number>();
  readonly #closing = new AbortController();
  readonly #inFlight = new Map<number, Promise<void>>();

  /**
   * @param o.onDone called when a delivery has ended, well or not: the next one may be due
   * @param o.onProblem told when the book could not be written
   */
  constructor(o: {
    readonly counter: Counter;
    readonly gatewayKey: KeyObject;
    readonly onDone: () => void;
    readonly onProblem: (problem: unknown) => void;
  }) {
    this.#counter = o.counter;
    this.#gatewayKey = o.gatewayKey;
    this.#onDone = o.onDone;
    this.#onProblem = o.onProblem;
  }

  /** Starts what is due. */
  sendDue(): void {
    for (const row of this.#waiting()) {
      if (this.#inFlight.size >= inFlightAtMost) return;
      if ((integerOrNull(row, 'next_at') ?? Infinity) > this.#counter.now()) return;
      const id = integerOf(row, 'id');
      const delivery = this.#deliver(row)
        .catch((problem: unknown) => {
          this.#setAside.add(id);
          this.#onProblem(problem);
        })
        .finally(() => {
          this.#inFlight.delete(id);
          this.#onDone();
        });
      this.#inFlight.set(id, delivery);
    }
  }

  /** When the next send is due; `undefined` when none is, or when the end of a delivery will ask again anyway. */
  nextDueAt(): number | undefined {
    if (this.#inFlight.size >= inFlightAtMost) return undefined;
    const next = this.#waiting()[0];
    return (next && integerOrNull(next, 'next_at')) ?? undefined;
  }

  #waiting(): Row[] {
    return this.#counter.file
      .rows(
        'SELECT * FROM webhooks WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT ?',
        2 * inFlightAtMost + this.#setAside.size
      )
      .filter(
        (row) => !this.#inFlight.has(integerOf(row, 'id')) && !this.#setAside.has(integerOf(row, 'id'))
      );
  }

  async #deliver(row: Row): Promise<void> {
    const { file, now, scaled } = this.#counter;
    const delivered = await this.#post(row);
    // What was cut short by closing has not been tried: it stays due.
    if (this.#closing.signal.aborted) return;
    const sends = integerOf(row, 'sends') + 1;
    const gapMs = webhookGapsMs[sends - 1];
    file.run(
      'UPDATE webhooks SET sends = ?, delivered_at = ?, next_at = ? WHERE id = ?',
      sends,
      delivered ? now() : null,
      delivered || gapMs === undefined ? null : now() + scaled(gapMs),
      integerOf(row, 'id')
    );
  }

  async #post(row: Row): Promise<boolean> {
    try {
      const fields = storedFields(textOf(row, 'fields'));
      const sign = await signText(stringToSign(fields), this.#gatewayKey);
      const response = await fetch(textOf(row, 'url'), {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: jsonText({ ...fields, sign }),
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(answerTimeoutMs)])
      });
      return (await response.text()).trim() === 'success' && response.status === 200;
    } catch {
      // Nobody there, too slow, or we are closing: the schedule says when to try again.
      return false;
    }
  }

  /** Ends all deliveries; what was not delivered stays in the book. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#inFlight.values());
  }
}

function isFieldValue(value: unknown): value is FieldValue {
  if (typeof value === 'string') return true;
  return typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'string';
}

function storedFields(text: string): Record<string, FieldValue> {
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== 'object' || stored === null) throw new Error('A webhook in the book has no fields');
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, FieldValue] => isFieldValue(entry[1]))
  );
}
