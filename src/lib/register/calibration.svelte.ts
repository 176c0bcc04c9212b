/**
 * Calibration as a person goes through it:
 *
 *   waiting ──keys, then a pause──► learned ──save──► (the settings are this register's)
 *      ▲                      └───► failed ──again──┐
 *      └────────────────────────────────────────────┘
 */
import {
  calibrationBars,
  calibrationSquare,
  type CalibrationCode
} from '$lib/scanning/calibration/calibration-code';
import { inferWedge, type Calibration, type Learned } from '$lib/scanning/calibration/infer-wedge';
import type { KeyFact } from '$lib/scanning/keystroke';
import type { ScannerInfo, ScannerTrace } from '$lib/scanning/port';
import type { Clock } from './ports';

export type { Learned } from '$lib/scanning/calibration/infer-wedge';

export type CalibrationStep =
  | { readonly step: 'waiting'; /** Characters so far. */ readonly heard: number }
  | { readonly step: 'learned'; readonly learned: Learned }
  /** `no_keyboard`: the code came by HID, serial or camera, where there is nothing to learn. */
  | {
      readonly step: 'failed';
      readonly reason: Extract<Calibration, { ok: false }>['reason'] | 'no_keyboard';
    };

/** What is drawn for it. */
export const calibrationCodes = { square: calibrationSquare.text, bars: calibrationBars.text };

/** So long after the last key the code is over. */
const quietMs = 700;

export class CalibrationTry {
  readonly #clock: Clock;
  #facts: KeyFact[] = [];
  #step = $state.raw<CalibrationStep>({ step: 'waiting', heard: 0 });
  #stop: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get step(): CalibrationStep {
    return this.#step;
  }

  again(): void {
    this.#stop();
    this.#facts = [];
    this.#step = { step: 'waiting', heard: 0 };
  }

  /** Takes one trace of any scanner. */
  take(info: ScannerInfo, trace: ScannerTrace): void {
    if (this.#step.step !== 'waiting' && !this.#continues(trace)) {
      // a scan after a failure is the next try; what was learned stays until somebody decides
      if (this.#step.step === 'learned' || trace.what !== 'key' || trace.fact.type !== 'keydown') return;
      this.again();
    }
    if (trace.what === 'key') {
      this.#facts.push(trace.fact);
      const heard = this.#facts.filter(({ type }) => type === 'keydown').length;
      this.#step = { step: 'waiting', heard };
      this.#stop();
      this.#stop = this.#clock.after(quietMs, () => this.#conclude());
      return;
    }
    if (trace.what !== 'scan' || info.road === 'wedge') return;
    const known = [calibrationSquare, calibrationBars].some(({ text }) => trace.scan.text.includes(text));
    this.#step = { step: 'failed', reason: known ? 'no_keyboard' : 'another_code' };
  }

  forget(): void {
    this.again();
  }

  /** A busy page hears keys late: their stamps tell that they belong to what came before. */
  #continues(trace: ScannerTrace): boolean {
    const last = this.#facts.at(-1);
    return trace.what === 'key' && last !== undefined && trace.at - last.at <= quietMs;
  }

  #conclude(): void {
    const facts = this.#facts;
    // a shortcut or a press of Tab is no try
    if (facts.filter(({ type }) => type !== 'keyup').length < 6) {
      this.again();
      return;
    }
    const [square, bars] = [calibrationSquare, calibrationBars].map((code: CalibrationCode) =>
      inferWedge({ code, facts })
    );
    const result = square?.ok === false && bars?.ok === true ? bars : square;
    if (result === undefined) return;
    this.#step = result.ok
      ? { step: 'learned', learned: result.learned }
      : { step: 'failed', reason: result.reason };
  }
}
