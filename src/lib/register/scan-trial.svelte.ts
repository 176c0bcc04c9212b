/**
 * The test panel's model: what arrives from every scanner, put together scan by scan, explained, and forgotten when the
 * panel closes. Payment codes are shown masked only, and so are the pieces that they came in.
 */
import type { KeyFact } from '$lib/scanning/keystroke';
import { classifyScan, type ScanKind } from '$lib/scanning/classify';
import type { ScannerInfo, ScannerRoad, ScannerSettings, ScannerTrace } from '$lib/scanning/port';
import type { Scan } from '$lib/scanning/scan';
import { pieceOf, type Piece } from '$lib/scanning/trial/arrival';
import {
  findingOfScreen,
  findingsOfKeys,
  findingsOfSerial,
  fixOf,
  type Finding,
  type Fix
} from '$lib/scanning/trial/findings';
import { isSecret, masked } from '$lib/scanning/trial/mask';
import { readTypedCode } from '$lib/scanning/calibration/typed-code';
import type { CatalogueProduct, Clock } from './ports';

export type { Piece } from '$lib/scanning/trial/arrival';
export { mended, type Finding, type Fix } from '$lib/scanning/trial/findings';

/** One scan, or what did not become one. */
export interface Arrival {
  readonly id: number;
  readonly scannerId: string;
  readonly scannerName: string;
  readonly road: ScannerRoad;
  readonly outcome: 'arriving' | 'read' | 'nothing';
  /** Masked where it is a secret; null while or where nothing was read. */
  readonly text: string | null;
  readonly secret: boolean;
  readonly aim: string | null;
  readonly symbology: string | null;
  readonly kind: ScanKind['kind'] | null;
  readonly productName: string | null;
  /** Labels are dots where it is, or may be, a secret. */
  readonly pieces: readonly Piece[];
  readonly usualGapMs: number | null;
  readonly longestGapMs: number | null;
  readonly findings: readonly Explained[];
}

/** What is wrong, and what one press mends. */
export interface Explained {
  readonly finding: Finding;
  readonly fix: Fix | null;
}

/** What came of the test code on this screen. */
export type ScreenTest = 'waiting' | 'read' | Explained;

interface Open {
  readonly id: number;
  readonly info: ScannerInfo;
  readonly settings: ScannerSettings;
  readonly pieces: Piece[];
  readonly facts: KeyFact[];
  /** When the last piece came. */
  pieceAt: number | null;
  scan: Scan | null;
  verdict: ScannerTrace | null;
}

export interface ScanTrialParts {
  readonly clock: Clock;
  readonly productOf: (scan: Scan) => CatalogueProduct | null;
  /** This device has a camera that is not one of the scanners yet. */
  readonly canFilm: () => boolean;
}

/** What came so long after the piece before belongs to the next scan; also how long an end is waited for. */
const quietMs = 700;
const kept = 6;

export class ScanTrial {
  readonly #parts: ScanTrialParts;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- no screen reads it: what is shown stands in #arrivals
  readonly #open = new Map<string, { readonly arrival: Open; stop: () => void }>();
  #nextId = 1;
  #arrivals = $state.raw<readonly Arrival[]>([]);
  #screenCode: string | null = null;
  #screenTest = $state.raw<ScreenTest | null>(null);
  #readsPaper = false;

  constructor(parts: ScanTrialParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  /** Null while no test code stands on this screen. */
  get screenTest(): ScreenTest | null {
    return this.#screenTest;
  }

  /** A test code stands on this screen; null: no longer. */
  showOnScreen(code: string | null): void {
    this.#screenCode = code;
    this.#screenTest = code === null ? null : 'waiting';
  }

  /** The person says that the scanner does not read it. What is read after that may still explain it better. */
  tellUnread(): void {
    const finding = findingOfScreen({ readsPaper: this.#readsPaper, canFilm: this.#parts.canFilm() });
    this.#screenTest = explained(finding);
  }

  /** Takes one trace of a scanner with its settings of now. */
  take(info: ScannerInfo, settings: ScannerSettings, trace: ScannerTrace): void {
    if (trace.what === 'key' && trace.fact.type === 'keydown' && trace.fact.metaKey) return;
    const open = this.#arrivalFor(info, settings, trace);
    if (open === null) return;
    const { arrival } = open;
    const piece = pieceOf(trace);
    // From piece to piece: keys that go up lie between, and the pause before a scan is a person's.
    if (piece !== null) {
      const gapMs = arrival.pieceAt === null ? null : trace.at - arrival.pieceAt;
      arrival.pieces.push({ ...piece, gapMs });
      arrival.pieceAt = trace.at;
    }
    if (trace.what === 'key') arrival.facts.push(trace.fact);
    if (trace.what === 'scan') {
      arrival.scan = trace.scan;
      this.#tryScreen(info, trace.scan);
    }
    if (trace.what === 'missed' || trace.what === 'dropped') arrival.verdict = trace;
    this.#show(arrival, arrival.scan === null && arrival.verdict === null ? 'arriving' : 'done');
    open.stop();
    open.stop = this.#parts.clock.after(quietMs, () => this.#close(info.id));
  }

  forget(): void {
    for (const { stop } of this.#open.values()) stop();
    this.#open.clear();
    this.#arrivals = [];
    this.#readsPaper = false;
    this.showOnScreen(null);
  }

  /** A camera is no laser, whatever it reads. */
  #tryScreen({ road }: ScannerInfo, { text }: Scan): void {
    if (road === 'camera') return;
    if (text === this.#screenCode) {
      this.#screenTest = 'read';
      return;
    }
    this.#readsPaper = true;
    if (this.#screenTest !== null && typeof this.#screenTest === 'object') this.tellUnread();
  }

  #arrivalFor(info: ScannerInfo, settings: ScannerSettings, trace: ScannerTrace) {
    let open = this.#open.get(info.id);
    const over = open !== undefined && isOver(open.arrival, trace.at);
    const begins = pieceOf(trace) !== null;
    // the key that ended a scan may come after it: it is no next scan
    const tail = trace.what === 'key' && (trace.fact.type === 'keyup' || isEnd(trace.fact));
    if (open !== undefined && over && begins && !tail) {
      open.stop();
      this.#open.delete(info.id);
      open = undefined;
    }
    if (open !== undefined) return open;
    if (tail || (!begins && trace.what !== 'scan' && trace.what !== 'dropped')) return null;
    const arrival: Open = {
      id: this.#nextId,
      info,
      settings,
      pieces: [],
      facts: [],
      pieceAt: null,
      scan: null,
      verdict: null
    };
    this.#nextId += 1;
    const made = { arrival, stop: (): void => undefined };
    this.#open.set(info.id, made);
    return made;
  }

  /** Nothing more came. It stays open: a busy page hears keys late, and their stamps tell that they belong to it. */
  #close(scannerId: string): void {
    const open = this.#open.get(scannerId);
    if (open !== undefined) this.#show(open.arrival, 'done');
  }

  #show(open: Open, as: 'arriving' | 'done'): void {
    const shown = this.#arrivalOf(open, as);
    this.#arrivals = [shown, ...this.#arrivals.filter(({ id }) => id !== open.id)].slice(0, kept);
  }

  #arrivalOf(open: Open, as: 'arriving' | 'done'): Arrival {
    const { info, scan } = open;
    const product = scan === null ? null : this.#parts.productOf(scan);
    const kind =
      scan === null ? null : classifyScan({ scan, mode: 'finding', isProduct: () => product?.id ?? null });
    const secret = kind === null ? mayBeSecret(open) : isSecretKind(kind);
    const gaps = open.pieces
      .filter(({ what, gapMs }, index) => index > 0 && what !== 'modifier' && gapMs !== null)
      .map(({ gapMs }) => gapMs ?? 0)
      .toSorted((a, b) => a - b);
    const hidden = secret || as === 'arriving';
    return {
      id: open.id,
      scannerId: info.id,
      scannerName: info.name,
      road: info.road,
      outcome: as === 'arriving' ? 'arriving' : scan === null ? 'nothing' : 'read',
      text: scan === null ? null : secret ? masked(scan.text) : scan.text,
      secret,
      aim: scan?.aim ?? null,
      symbology: scan?.symbology ?? null,
      kind: kind?.kind ?? null,
      productName: product?.name ?? null,
      pieces: open.pieces.map((piece) => (hidden ? hide(piece) : piece)),
      usualGapMs: rounded(gaps[Math.floor(gaps.length / 2)]),
      longestGapMs: rounded(gaps.at(-1)),
      findings: as === 'arriving' ? [] : this.#findings(open)
    };
  }

  #findings({ facts, scan, verdict, settings }: Open): Arrival['findings'] {
    const isKnown = (text: string) =>
      this.#parts.productOf({
        text,
        bytes: new Uint8Array(),
        aim: null,
        symbology: null,
        source: 'wedge',
        at: 0
      }) !== null;
    const found: Finding[] = [];
    if (verdict?.what === 'dropped') {
      if (verdict.why === 'unplugged') found.push({ what: 'unplugged' });
      else if (settings.road === 'hid') found.push({ what: 'bad_report', form: settings.form });
      else if (settings.road === 'serial') found.push({ what: 'serial_speed', baudRate: settings.baudRate });
    }
    if (settings.road === 'wedge') {
      const missed = verdict?.what === 'missed' ? verdict.missed : null;
      found.push(...findingsOfKeys({ facts, scan, missed, settings, isKnown }));
    }
    if (settings.road === 'serial' && scan !== null) found.push(...findingsOfSerial({ scan, settings }));
    return found.map(explained);
  }
}

function explained(finding: Finding): Explained {
  return { finding, fix: fixOf(finding) };
}

function isOver({ scan, verdict, pieceAt }: Open, at: number): boolean {
  return scan !== null || verdict !== null || (pieceAt !== null && at - pieceAt > quietMs);
}

function isSecretKind(kind: ScanKind): boolean {
  if (kind.kind === 'unknown_product') return !kind.safeToShow;
  return kind.kind === 'payment_code' || kind.kind === 'staff_badge' || kind.kind === 'unreadable';
}

/** What was typed could be, read in one way or the other, a payment code or a piece of one. */
function mayBeSecret({ facts, pieces }: Open): boolean {
  if (facts.length === 0) return pieces.some(({ what }) => what === 'bytes');
  const { characters } = readTypedCode(facts);
  const read = (by: 'byKey' | 'byCode') => characters.map(({ character }) => character[by]).join('');
  return isSecret(read('byKey')) || isSecret(read('byCode'));
}

function hide(piece: Piece): Piece {
  if (piece.what === 'modifier' || piece.what === 'end') return { ...piece, code: '' };
  const label = piece.what === 'bytes' ? piece.label.replaceAll(/[0-9A-F]{2}/g, '••') : '•';
  return { ...piece, label, code: '' };
}

function isEnd(fact: KeyFact): boolean {
  return fact.type === 'keydown' && (fact.key === 'Enter' || fact.key === 'Tab');
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}
