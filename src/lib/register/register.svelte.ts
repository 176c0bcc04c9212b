/**
 * The register: the object graph that the register's layout builds once and hands down. Screens read getters and call
 * methods; nothing else talks to journal, server and scanner.
 */
import { currentPrice } from '$lib/catalogue/product';
import type { Receipt } from '$lib/order/receipt';
import { openDatabase, type JournalDatabase } from '$lib/journal/database';
import { openJournal, type Journal } from '$lib/journal/journal';
import { createKept, type Kept } from '$lib/journal/kept';
import { startWedge } from '$lib/scanning/adapters/wedge';
import { createScanQueue } from '$lib/scanning/scan-queue';
import { createScan, type Scan } from '$lib/scanning/scan';
import { defaultWedgeSettings } from '$lib/scanning/wedge-run';
import type { Register as RegisterIdentity, Session, Shop, Staff } from '$lib/wire/shop';
import { createApi, type Api } from './api';
import { Counter, type LastSale } from './counter.svelte';
import type { CurrentOrder } from './current-order.svelte';
import type { Payment } from './payment.svelte';
import type { PaymentScreen } from './payment-screen';
import {
  browserClock,
  delay,
  randomId,
  type CatalogueProduct,
  type Clock,
  type NewId,
  type WireCatalogue
} from './ports';
import { recoverAttempts } from './recover';
import {
  leftOnCounter,
  ordersToday,
  parkedOrders,
  receiptOf,
  type JournaledOrder,
  type ParkedOrder
} from './sales';
import { createScanRouter, type ScanRouter, type SellNotice } from './scan-router';
import { defaultSettings, readSettings, type RegisterSettings } from './settings';
import { ShopSession, type ActionResult, type SessionPhase, type SignInResult } from './shop-session.svelte';
import { createWebAudioSounds, type Sounds } from './sounds';
import { tellOrder } from './tell-order';
import { Tray } from './tray.svelte';

export type { LastSale } from './counter.svelte';
export type { JournaledOrder, ParkedOrder } from './sales';
export type { SellNotice } from './scan-router';
export type { RegisterSettings } from './settings';
export type { ActionResult, SignInResult } from './shop-session.svelte';

/** Where the register stands as a whole; only `ready` sells. `journal_failed`: sell on another till. */
export type RegisterPhase = SessionPhase | 'journal_failed';

export interface RegisterParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sounds: Sounds;
  readonly databaseName: string;
  /** Starts the scanners; the answer stops them. */
  readonly startScanners: (listen: {
    readonly onScan: (scan: Scan) => void;
    readonly isKnown: (text: string) => boolean;
    readonly expectsScan: () => boolean;
  }) => () => void;
}

/** The server is asked this often whether it is there, and who is signed in. */
const probeMs = 20_000;
const probeOfflineMs = 3000;
const noticeMs = 5000;

export class Register {
  readonly #parts: RegisterParts;
  readonly #shopSession: ShopSession;
  readonly #queue;
  #running = new AbortController();
  #stops: (() => void)[] = [];
  #database: JournalDatabase | null = null;
  #kept: Kept | null = null;
  #journal: Journal | null = null;
  #router: ScanRouter | null = null;
  #waitingScans = 0;
  #starting: Promise<void> | null = null;

  #counter = $state.raw<Counter | null>(null);
  #journalFailed = $state(false);
  #databaseBlocked = $state(false);
  #canReachTill = $state(true);
  #canReachWallet = $state(true);
  #parked = $state.raw<readonly ParkedOrder[]>([]);
  #settings = $state.raw<RegisterSettings>(defaultSettings);
  #notice = $state<SellNotice | null>(null);
  #dropNotice: () => void = () => undefined;

  constructor(parts: RegisterParts) {
    this.#parts = parts;
    this.#shopSession = new ShopSession({
      api: parts.api,
      kept: () => this.#kept,
      onHeard: ({ till }) => this.#heard({ till, wallet: null })
    });
    this.#queue = createScanQueue({
      handle: async (scan) => {
        this.#waitingScans -= 1;
        this.#setNotice(null);
        await this.#router?.handle(scan);
      },
      // a scan may be a secret: only the kind of fault is told
      onFault: (error) =>
        console.error('A scan could not be handled.', error instanceof Error ? error.name : '')
    });
  }

  get phase(): RegisterPhase {
    if (this.#journalFailed) return 'journal_failed';
    const { phase } = this.#shopSession;
    return phase === 'ready' && this.#counter === null ? 'starting' : phase;
  }
  get session(): Session | null {
    return this.#shopSession.session;
  }
  get shop(): Shop | null {
    return this.session?.shop ?? null;
  }
  get staff(): Staff | null {
    return this.session?.staff ?? null;
  }
  get identity(): RegisterIdentity | null {
    return this.session?.register ?? null;
  }
  get training(): boolean {
    return this.session?.mode === 'training';
  }
  get catalogue(): WireCatalogue | null {
    return this.#shopSession.catalogue;
  }
  get mode(): 'selling' | 'paying' {
    return this.#counter?.mode ?? 'selling';
  }
  /** @throws Error before the phase is `ready`. */
  get order(): CurrentOrder {
    return this.#ready.order;
  }
  /** What the pay stage shows; null while selling. */
  get screen(): PaymentScreen | null {
    return this.#counter?.screen ?? null;
  }
  /** The payment on the stage, if one was made. */
  get payment(): Payment | null {
    return this.#counter?.payment ?? null;
  }
  /** A product scanned while the shopper pays: "Start the next order with it?" */
  get held(): CatalogueProduct | null {
    return this.#counter?.held ?? null;
  }
  readonly #noTray = new Tray();
  get tray(): Tray {
    return this.#counter?.tray ?? this.#noTray;
  }
  get lastSale(): LastSale | null {
    return this.#counter?.lastSale ?? null;
  }
  get parked(): readonly ParkedOrder[] {
    return this.#parked;
  }
  /** Said for some seconds while selling. */
  get notice(): SellNotice | null {
    return this.#notice;
  }
  /** False: "this tablet can't reach Till". */
  get canReachTill(): boolean {
    return this.#canReachTill;
  }
  /** False: "Till can't reach the wallet". */
  get canReachWallet(): boolean {
    return this.#canReachWallet;
  }
  get journalBlocked(): boolean {
    return this.#journalFailed || (this.#counter?.order.journalFailed ?? false);
  }
  /** Another tab holds an older version of the journal open: close it. */
  get databaseBlocked(): boolean {
    return this.#databaseBlocked;
  }
  get settings(): RegisterSettings {
    return this.#settings;
  }
  get sounds(): Sounds {
    return this.#parts.sounds;
  }

  /** Active products found by name or code; all of them, in the order of the tiles, for an empty text. */
  search(text: string): readonly CatalogueProduct[] {
    const { find, catalogue } = this.#shopSession;
    if (find === null || catalogue === null) return [];
    return text.trim() === '' ? catalogue.products.filter((product) => product.active) : find.search(text);
  }
  /** The product's price now, in minor units. */
  priceOf(product: CatalogueProduct): number {
    return currentPrice(product).priceMinor;
  }

  /** Opens the journal, signs on, takes up what was left behind. Again: tries what failed. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }
  async stop(): Promise<void> {
    this.#running.abort();
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#counter?.leave();
    await this.#queue.idle();
    this.#counter = null;
    this.#router = null;
    this.#database?.close();
    this.#database = null;
    this.#kept = null;
  }

  async signIn(credentials: { readonly username: string; readonly password: string }): Promise<SignInResult> {
    void this.#parts.sounds.unlock();
    const signedIn = await this.#shopSession.signIn(credentials);
    if (signedIn.ok) await this.#openCounter();
    return signedIn;
  }
  signOut(): Promise<void> {
    return this.#shopSession.signOut();
  }
  /** A manager makes this browser a register. `registerId` null: a new one. */
  async enrol(register: {
    readonly name: string;
    readonly registerId: string | null;
  }): Promise<ActionResult> {
    const enrolled = await this.#shopSession.enrol(register);
    if (enrolled.ok) await this.#openCounter();
    return enrolled;
  }
  saveSettings(settings: Partial<RegisterSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    void this.#kept?.write('settings', this.#settings).catch(() => undefined);
  }

  /** A typed code: routed like a scan, by what the screen is doing. */
  scan(text: string): void {
    this.takeScan(createScan({ text, source: 'typed', at: this.#parts.clock.monotonic() }));
  }
  /** A scan from any scanner. */
  takeScan(scan: Scan): void {
    if (this.phase === 'ready' && this.#queue.push(scan)) this.#waitingScans += 1;
  }
  /** A tap on a tile. */
  tap(product: CatalogueProduct): void {
    this.#setNotice(null);
    this.#router?.tap(product);
  }
  /** "Charge": opens the stage at `ready`; a total of zero is finished without a payment. */
  charge(): void {
    const counter = this.#ready;
    const block = counter.order.chargeBlock;
    if (block === 'red_row') this.#setNotice('red_row_first');
    if (block !== null || counter.mode === 'paying') return;
    if (counter.order.totals.totalMinor === 0) counter.finishFree();
    else counter.openStage();
  }
  backToOrder(): void {
    this.#ready.backToOrder();
  }
  /** "Serve the next customer": the payment goes to the tray, the next order begins. */
  serveNext(): void {
    this.#ready.serveNext();
  }
  /** "Next" on the paid screen; a product scan or tap does the same. */
  next(): void {
    this.#ready.next();
  }
  /** "Paid after all": keep it. */
  keepMoney(): void {
    this.payment?.keep();
  }
  openFromTray(attemptId: string): void {
    this.#ready.openFromTray(attemptId);
  }
  /** "Start the next order with it?" */
  startNextWithHeld(): void {
    this.#ready.startNextWithHeld();
  }
  dropHeld(): void {
    this.#ready.dropHeld();
  }
  clear(): void {
    this.#ready.clear();
  }
  park(): void {
    this.#ready.park();
  }
  resume(orderId: string): void {
    void this.#resume(orderId);
  }
  finishFree(): void {
    this.#ready.finishFree();
  }
  /** Null when this register's journal does not know the order. */
  async receipt(orderId: string): Promise<Receipt | null> {
    const { shop } = this;
    if (this.#journal === null || shop === null) return null;
    return receiptOf({ journal: this.#journal, shop, orderId, training: this.training });
  }
  /** This register's orders of today, newest first. */
  async ordersToday(): Promise<readonly JournaledOrder[]> {
    const { shop } = this;
    if (this.#journal === null || shop === null) return [];
    return ordersToday({ journal: this.#journal, shop, nowMs: this.#parts.clock.now() });
  }

  get #ready(): Counter {
    if (this.#counter === null) throw new Error('The register is not ready: look at its phase first.');
    return this.#counter;
  }

  async #start(): Promise<void> {
    if (this.#running.signal.aborted) this.#running = new AbortController();
    const { signal } = this.#running;
    await this.#openDatabase();
    await this.#shopSession.load();
    await this.#openCounter();
    if (this.#stops.length > 0 || signal.aborted) return;
    this.#stops = [
      this.#parts.startScanners({
        onScan: (scan) => this.takeScan(scan),
        isKnown: (text) => (this.#shopSession.find?.match({ text }) ?? null) !== null,
        expectsScan: () => this.phase === 'ready'
      })
    ];
    void this.#probe(signal);
  }

  async #openDatabase(): Promise<void> {
    if (this.#database !== null) return;
    try {
      this.#database = await openDatabase({
        name: this.#parts.databaseName,
        onBlocked: () => {
          this.#databaseBlocked = true;
        }
      });
      this.#databaseBlocked = false;
      this.#journalFailed = false;
      this.#kept = createKept(this.#database);
      this.#settings = readSettings(await this.#kept.read('settings'));
    } catch {
      this.#journalFailed = true;
    }
  }

  /** Once signed in on a register: its journal, its counter, and what a reload left behind. */
  async #openCounter(): Promise<void> {
    const { identity } = this;
    if (this.#shopSession.phase !== 'ready' || identity === null || this.#database === null) return;
    const { registerId, epoch } = identity;
    if (this.#journal?.registerId === registerId && this.#journal.epoch === epoch && this.#counter !== null)
      return;
    const { clock } = this.#parts;
    try {
      const journal = await openJournal({
        database: this.#database,
        registerId,
        epoch,
        now: () => clock.now(),
        monotonic: () => clock.monotonic()
      });
      const counter = this.#createCounter(journal, identity);
      const left = await leftOnCounter(journal, clock.now());
      if (left !== null) counter.takeUp(left.events);
      await recoverAttempts({ journal, api: this.#parts.api, counter });
      this.#counter?.leave();
      this.#journal = journal;
      this.#router = this.#createRouter(counter);
      this.#counter = counter;
      this.#journalFailed = false;
      await this.#refreshParked();
    } catch {
      this.#journalFailed = true;
    }
  }

  #createCounter(journal: Journal, identity: RegisterIdentity): Counter {
    const { api, clock, newId, sounds } = this.#parts;
    const shop = this.shop ?? { currency: '', taxMode: 'included' };
    const find = () => this.#shopSession.find;
    const rates = () => this.catalogue?.taxRates ?? [];
    return new Counter({
      clock,
      order: {
        journal,
        clock,
        newId,
        shop,
        identity,
        staff: () => ({ staffId: this.staff?.staffId ?? '', name: this.staff?.name ?? '' }),
        priced: (product) => {
          const price = currentPrice(product);
          return {
            productId: product.id,
            priceVersionId: price.id,
            name: product.name,
            unitPriceMinor: price.priceMinor,
            taxRateId: product.taxRateId,
            taxRatePpm: find()?.taxRateById(product.taxRateId)?.ratePpm ?? 0
          };
        },
        taxRate: (id) => (id === null ? rates()[0] : rates().find((rate) => rate.id === id)) ?? null,
        productById: (id) => find()?.byId(id) ?? null
      },
      payment: { api, journal, clock, newId, onHeard: (heard) => this.#heard(heard) },
      sounds: () => sounds,
      tellOrder: (events) => void tellOrder({ api, clock, events, signal: this.#running.signal }),
      onWaitingChanged: () => void this.#refreshParked(),
      refreshCatalogue: () => this.#shopSession.refreshCatalogue()
    });
  }

  #createRouter(counter: Counter): ScanRouter {
    return createScanRouter({
      counter,
      clock: this.#parts.clock,
      sounds: () => this.#parts.sounds,
      soundOnAdd: () => this.#settings.soundOnAdd,
      scannerInHand: () => this.#settings.scannerPlace === 'hand',
      limitMinor: () => this.shop?.oneScanLimitMinor ?? 0,
      productByScan: (scan) => this.#shopSession.find?.byScan(scan) ?? null,
      scansWaiting: () => this.#waitingScans > 0,
      say: (notice) => this.#setNotice(notice)
    });
  }

  async #resume(orderId: string): Promise<void> {
    const record = await this.#journal?.order(orderId).catch(() => undefined);
    if (record !== undefined) this.#ready.takeUp(record.events);
  }

  async #refreshParked(): Promise<void> {
    const { shop } = this;
    const counter = this.#counter;
    if (this.#journal === null || shop === null || counter === null) return;
    this.#parked = await parkedOrders({ journal: this.#journal, shop, nowMs: this.#parts.clock.now() }).catch(
      () => this.#parked
    );
  }

  async #probe(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay({ clock: this.#parts.clock, ms: this.#canReachTill ? probeMs : probeOfflineMs, signal });
      if (signal.aborted) return;
      await this.#shopSession.load();
      await this.#openCounter();
    }
  }

  #heard({ till, wallet }: { readonly till: boolean; readonly wallet: boolean | null }): void {
    this.#canReachTill = till;
    if (wallet !== null) this.#canReachWallet = wallet;
  }

  #setNotice(notice: SellNotice | null): void {
    this.#dropNotice();
    this.#notice = notice;
    if (notice === null) return;
    this.#dropNotice = this.#parts.clock.after(noticeMs, () => {
      this.#notice = null;
    });
  }
}

/** Builds the register for the page: real clock, real ids, Web Audio, IndexedDB, `/api`. Nothing runs before `start()`. */
export function createRegister(): Register {
  return new Register({
    api: createApi(),
    clock: browserClock(),
    newId: randomId,
    sounds: createWebAudioSounds(),
    databaseName: 'till',
    startScanners: (listen) => startWedge({ target: window, settings: defaultWedgeSettings, ...listen })
  });
}
