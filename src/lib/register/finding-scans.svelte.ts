/**
 * Scans on a page of the office that looks for an order (Refunds): every road that this browser's till has, in the one
 * router's mode "finding". Nothing here sells, pays or writes.
 *
 * Scanners are the till's: a tab that sells has them until it is closed, and takes them back at once; this page has them
 * meanwhile, and nothing else of the till's.
 */
import { openDatabase } from '$lib/journal/database';
import { createKept } from '$lib/journal/kept';
import { classifyScan } from '$lib/scanning/classify';
import { productGtin } from '$lib/scanning/product-code';
import { createScanQueue, type ScanQueue } from '$lib/scanning/scan-queue';
import type { ScannerTrouble } from '$lib/scanning/port';
import type { Scan } from '$lib/scanning/scan';
import { randomId, type NewId } from './ports';
import { browserRoads, type ScannerRoads } from './scanner-roads';
import { Scanners } from './scanners.svelte';
import { ScannerTurn } from './scanner-turn';
import { browserTabs, type Tabs } from './tabs';

/** Why a scan finds no order: the screen has the words. */
export type FindingNotice = 'product' | 'merchant_code' | 'staff_badge' | 'unreadable';

export interface FindingScansParts {
  readonly roads: ScannerRoads;
  readonly tabs: Pick<Tabs, 'scannerLock'>;
  readonly newId: NewId;
  /** What this browser's till keeps about its scanners; undefined where it is none. */
  readonly readSaved: () => Promise<unknown>;
  /** Looks for an order by what a shopper can show. It refuses payment codes itself. */
  readonly find: (text: string) => Promise<void>;
  /** False while a dialog stands over the page: scans wait, in order, until it is closed. */
  readonly mayFind: () => boolean;
}

export class FindingScans {
  readonly #parts: FindingScansParts;
  readonly #queue: ScanQueue;
  readonly #turn: ScannerTurn;
  readonly scanners: Scanners;
  /** Lets the scan go on whose turn it is; those behind it wait for it. */
  #goOnScanning: () => void = () => undefined;
  #notice = $state<FindingNotice | null>(null);
  #filmTrouble = $state<ScannerTrouble | null>(null);
  #running = false;

  constructor(parts: FindingScansParts) {
    this.#parts = parts;
    this.#queue = createScanQueue({
      handle: (scan) => this.#handle(scan),
      // the error stays here: a scan may be a secret, and what failed on it could carry it
      onFault: () => {
        this.#notice = 'unreadable';
      }
    });
    this.scanners = new Scanners({
      roads: parts.roads,
      newId: parts.newId,
      keyboardIsFree: true,
      listener: {
        onScan: (scan) => void this.#queue.push(scan),
        isKnown: () => false,
        expectsScan: () => true,
        awaitsPayment: () => false
      }
    });
    this.#turn = new ScannerTurn({
      lock: parts.tabs.scannerLock,
      onChange: (isOwner) => this.scanners.setOwner(isOwner)
    });
  }

  /** Why the last scan found no order; null once another one did, or somebody went on. */
  get notice(): FindingNotice | null {
    return this.#notice;
  }

  /** Why no camera films after the press for one; null where a scanner in the list says it. */
  get filmTrouble(): ScannerTrouble | null {
    return this.#filmTrouble;
  }

  async start(): Promise<void> {
    this.#running = true;
    this.scanners.start();
    await this.scanners.restore({ read: this.#parts.readSaved, write: () => Promise.resolve() });
    if (!this.#running) return;
    void this.#turn.await();
    void this.scanners.prepare();
  }
  async stop(): Promise<void> {
    this.#running = false;
    this.scanners.stop();
    this.#turn.end();
    this.takeWaiting();
    await this.#queue.idle();
  }

  /** Switches the till's camera on, or adds one. To be called in the handler of a press. */
  async film(): Promise<void> {
    this.#filmTrouble = null;
    const camera = this.scanners.list.find(({ road }) => road === 'camera');
    if (camera === undefined) {
      const added = await this.scanners.add('camera');
      if (!added.ok && added.id === null) this.#filmTrouble = added.trouble;
    } else await this.scanners.connect(camera.id);
  }
  /** Somebody typed or chose: what the last scan said is over. */
  goOn(): void {
    this.#notice = null;
  }
  /** The dialog was closed: what was scanned meanwhile has its turn, one after another. */
  takeWaiting(): void {
    this.#goOnScanning();
  }

  async #handle(scan: Scan): Promise<void> {
    // asked again after each wait: the next dialog may be open by then
    while (this.#running && !this.#parts.mayFind()) {
      await new Promise<void>((resolve) => {
        this.#goOnScanning = resolve;
      });
    }
    if (!this.#running) return;
    const kind = classifyScan({ scan, mode: 'finding', isProduct: () => null });
    this.#notice = noticeOf(kind.kind, scan);
    if (this.#notice === null) await this.#parts.find(scan.text);
  }
}

function noticeOf(kind: ReturnType<typeof classifyScan>['kind'], scan: Scan): FindingNotice | null {
  switch (kind) {
    case 'merchant_presented':
      return 'merchant_code';
    case 'staff_badge':
    case 'unreadable':
      return kind;
    case 'unknown_product':
    case 'product':
      return productGtin(scan) === null ? null : 'product';
    case 'order_receipt':
    case 'payment_code':
      return null;
  }
}

/** The page's own: this browser's roads, tabs and till. */
export function openFindingScans(
  parts: Pick<FindingScansParts, 'find' | 'mayFind'>,
  databaseName = 'till'
): FindingScans {
  return new FindingScans({
    ...parts,
    roads: browserRoads(),
    tabs: browserTabs(),
    newId: randomId,
    readSaved: () => savedScanners(databaseName)
  });
}

/** Read and closed again. A browser that is no till gets no database by it. */
async function savedScanners(name: string): Promise<unknown> {
  const known = await indexedDB.databases();
  if (!known.some((database) => database.name === name)) return undefined;
  const database = await openDatabase({ name });
  try {
    return await createKept(database).read('scanners');
  } finally {
    database.close();
  }
}
