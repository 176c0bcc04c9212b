/** Scans come in one line, from whatever scanner, and each is handled by what the screen is doing when its turn comes. */
import { isStaffBadge } from '$lib/scanning/known-form';
import { createCodesRead, createReadTwice } from '$lib/scanning/read-twice';
import type { Scan } from '$lib/scanning/scan';
import { createScanQueue } from '$lib/scanning/scan-queue';
import type { Counter } from './counter.svelte';
import type { CatalogueProduct, Clock } from './ports';
import type { ScanHints } from './scan-hints.svelte';
import { createScanRouter, type ScanRouter, type ScanScreen } from './scan-router';
import type { RegisterSettings } from './settings';
import type { Sounds } from './sounds';
import type { Station } from './station.svelte';

export interface ScanIntakeParts {
  readonly clock: Clock;
  readonly sounds: Sounds;
  readonly station: Pick<Station, 'counter' | 'journal' | 'phase' | 'shopSession'>;
  readonly hints: ScanHints;
  readonly settings: () => RegisterSettings;
  /** Nothing is taken of a scan but a badge: somebody has to say first who stands here. */
  readonly isLocked: () => boolean;
}

export class ScanIntake {
  readonly #parts: ScanIntakeParts;
  readonly #queue;
  readonly #reads = createReadTwice();
  readonly #codesRead = createCodesRead();
  #waiting = 0;
  #count = $state(0);
  #screen: ScanScreen | null = null;
  #atCounter = $state(true);
  #router = $derived.by(() => this.#createRouter(this.#parts.station.counter));

  constructor(parts: ScanIntakeParts) {
    this.#parts = parts;
    const { hints } = parts;
    this.#queue = createScanQueue({
      handle: async (scan) => {
        this.#waiting -= 1;
        hints.goOn();
        await this.#router?.handle(scan);
      },
      // the error itself stays here: a scan may be a secret, and what failed on it could carry it
      onFault: () => hints.say('unreadable')
    });
  }

  /** How many scans came, whatever became of them: somebody is here. */
  get count(): number {
    return this.#count;
  }
  /** True while Sell is shown. */
  get atCounter(): boolean {
    return this.#atCounter;
  }
  /** Says which page is shown; to be told at every change. */
  showsCounter(shown: boolean): void {
    this.#atCounter = shown;
  }

  /** A scan from any scanner. */
  take(scan: Scan): void {
    const { hints, sounds, station, isLocked } = this.#parts;
    this.#count += 1;
    const isTaken = isLocked()
      ? this.#screen?.mode === 'badge' && isStaffBadge(scan.text)
      : station.phase === 'ready';
    if (isTaken) {
      if (this.#queue.push(scan)) this.#waiting += 1;
    } else if (isLocked()) {
      sounds.play('unknown');
      hints.say('locked');
    }
  }
  /** Gives all scans to a screen while it is open. @returns gives them back to the counter */
  giveTo(screen: ScanScreen): () => void {
    this.#screen = screen;
    return () => {
      if (this.#screen === screen) this.#screen = null;
    };
  }
  /** "Read twice? +1": there were two. */
  addReadTwice(): void {
    const found = this.#parts.hints.takeReadTwice();
    if (found !== null) this.#router?.addAgain(found);
  }
  /** A tap on a tile. */
  tap(product: CatalogueProduct): void {
    this.#parts.hints.goOn();
    this.#router?.tap(product);
  }

  /** What was scanned before a tap belongs to the order that stands there then: first it is resolved. */
  afterwards(act: () => void): void {
    if (this.#queue.busy) void this.#queue.idle().then(act);
    else act();
  }
  /** Settles when nothing waits any more. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #createRouter(counter: Counter | null): ScanRouter | null {
    if (counter === null) return null;
    const { clock, sounds, station, hints, settings } = this.#parts;
    const { shopSession } = station;
    return createScanRouter({
      counter,
      clock,
      sounds: () => sounds,
      soundOnAdd: () => settings().soundOnAdd,
      scannerInHand: () => settings().scannerPlace === 'hand',
      scannerOnStand: () => settings().scannerPlace === 'stand',
      limitMinor: () => shopSession.session?.shop.oneScanLimitMinor ?? 0,
      match: (scan) => shopSession.find?.match(scan) ?? null,
      scansWaiting: () => this.#waiting > 0,
      screen: () => this.#screen,
      atCounter: () => this.#atCounter,
      showCounter: () => {
        this.#atCounter = true;
      },
      findOrder: (number) => this.#findOrder(number),
      reads: this.#reads,
      codesRead: this.#codesRead,
      mayHaveReadTwice: (found) => hints.mayHaveReadTwice(found),
      say: (notice) => hints.say(notice)
    });
  }

  /** In the journal: it needs no network. Another till's order is found where there is one. */
  async #findOrder(number: string): Promise<void> {
    const { journal } = this.#parts.station;
    await journal?.settled();
    const order = await journal?.orderByNumber(number).catch(() => undefined);
    this.#parts.hints.found({ number, orderId: order?.orderId ?? null });
  }
}
