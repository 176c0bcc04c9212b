/**
 * The register: the object graph that the register's layout builds once and hands down. Screens read getters and call
 * methods; nothing else talks to journal, server and scanner.
 */
import { currentPrice } from '$lib/catalogue/product';
import type { CashMoved } from '$lib/journal/entries';
import type { Receipt } from '$lib/order/receipt';
import { createScan, type Scan } from '$lib/scanning/scan';
import type { Register as RegisterIdentity, Session, Shop, Staff } from '$lib/wire/shop';
import type { WriterStamp } from '$lib/wire/writer-stamp';
import { addUnknownNow, type TypedItem } from './add-unknown-now';
import type { CashScreen } from './cash-desk.svelte';
import type { CashFlow } from './cash-flow';
import type { Books } from './books';
import type { Counter } from './counter.svelte';
import type { Held } from './counter-parts';
import type { CurrentOrder } from './current-order.svelte';
import { holdBack } from './hold-back';
import type { LastSale } from './last-sale';
import { readOrdersToday, readReceipt } from './own-sales';
import type { Payment } from './payment.svelte';
import type { PaymentScreen } from './payment-screen';
import { PeopleHere } from './people-here.svelte';
import type { CatalogueProduct, WireCatalogue } from './ports';
import type { JournaledOrder, ParkedOrder } from './sales';
import { ScanHints, type ScannedOrder } from './scan-hints.svelte';
import { ScanIntake } from './scan-intake.svelte';
import type { ScanScreen, SellNotice } from './scan-router';
import type { RegisterSettings } from './settings';
import type { ActionResult } from './shop-session.svelte';
import type { Sounds } from './sounds';
import type { ScannerRoads } from './scanner-roads';
import { ScannerTurn } from './scanner-turn';
import { Scanners, scannersIn } from './scanners.svelte';
import { Station } from './station.svelte';
import type { RegisterPhase, StationParts } from './station-parts';
import { Tray } from './tray.svelte';
import type { Sync } from './sync.svelte';
import type { Writer } from './writer.svelte';

export type { Held } from './counter-parts';
export type { LastSale } from './last-sale';
export type { JournaledOrder, ParkedOrder } from './sales';
export type { ScannedOrder } from './scan-hints.svelte';
export type { ScanScreen, SellNotice } from './scan-router';
export type { RegisterSettings } from './settings';
export type { ActionResult, SignInResult } from './shop-session.svelte';
export type { RegisterPhase } from './station-parts';
export type { TakeoverState } from './writer.svelte';

export interface RegisterParts extends StationParts {
  /** The roads to a scanner that this page has. */
  readonly roads: ScannerRoads;
}

export class Register {
  readonly #parts: RegisterParts;
  readonly #station: Station;
  readonly #noTray = new Tray();
  /** This register's scanners: which there are, how they are, what they are set to. */
  readonly scanners: Scanners;
  readonly #scannerTurn: ScannerTurn;
  /** Who sells here. */
  readonly people: PeopleHere;
  readonly #hints: ScanHints;
  readonly #scans: ScanIntake;

  constructor(given: RegisterParts) {
    const isHeld = () => this.#station.shopSession.cashier.named !== null;
    const parts = { ...given, api: holdBack(given.api, isHeld) };
    this.#parts = parts;
    this.scanners = new Scanners({
      roads: parts.roads,
      newId: parts.newId,
      listener: {
        onScan: (scan) => this.takeScan(scan),
        isKnown: (text) => (this.#station.shopSession.find?.match({ text }) ?? null) !== null,
        expectsScan: () => this.phase === 'ready' && !this.people.locked,
        awaitsPayment: () => this.mode === 'paying'
      }
    });
    this.#scannerTurn = new ScannerTurn({
      lock: parts.tabs.scannerLock,
      onChange: (isOwner) => this.scanners.setOwner(isOwner)
    });
    this.#station = new Station({
      ...parts,
      onKept: (kept) => void this.scanners.restore(scannersIn(kept)),
      onWriter: (isWriter) => this.#scannerTurn.sells(isWriter)
    });
    this.people = new PeopleHere({ ...parts, station: this.#station });
    this.#hints = new ScanHints(parts.clock);
    this.#scans = new ScanIntake({
      ...parts,
      station: this.#station,
      hints: this.#hints,
      settings: () => this.settings,
      isLocked: () => this.people.locked
    });
  }

  get phase(): RegisterPhase {
    return this.#station.phase;
  }
  get session(): Session | null {
    return this.#station.shopSession.session;
  }
  get shop(): Shop | null {
    return this.session?.shop ?? null;
  }
  get staff(): Staff | null {
    return this.#station.shopSession.cashier.staff;
  }
  get identity(): RegisterIdentity | null {
    return this.session?.register ?? null;
  }
  get training(): boolean {
    return this.session?.mode === 'training';
  }
  get catalogue(): WireCatalogue | null {
    return this.#station.shopSession.catalogue;
  }
  get mode(): 'selling' | 'paying' {
    return this.#station.counter?.mode ?? 'selling';
  }
  /** @throws Error before the phase is `ready`. */
  get order(): CurrentOrder {
    return this.counter.order;
  }
  /** What the pay stage shows; null while selling. */
  get screen(): PaymentScreen | null {
    return this.#station.counter?.screen ?? null;
  }
  /** Where money is taken by hand, in the stage's place; null otherwise. */
  get cash(): CashScreen | null {
    return this.#station.counter?.cash.screen ?? null;
  }
  /** The payment on the stage, if one was made. */
  get payment(): Payment | null {
    return this.#station.counter?.payment ?? null;
  }
  /** Scanned while the shopper pays: "Start the next order with it?" Never lost but by `dropHeld`. */
  get held(): readonly Held[] {
    return this.#station.counter?.held.goods ?? [];
  }
  get tray(): Tray {
    return this.#station.counter?.tray ?? this.#noTray;
  }
  get lastSale(): LastSale | null {
    return this.#station.counter?.lastSale ?? null;
  }
  get parked(): readonly ParkedOrder[] {
    return this.#station.parked;
  }
  /** Said for some seconds while selling. */
  get notice(): SellNotice | null {
    return this.#hints.notice;
  }
  /** The order whose receipt was just scanned. */
  get scannedOrder(): ScannedOrder | null {
    return this.#hints.scannedOrder;
  }
  /** What a scanner on a stand, or the camera, may have read twice: "+1" for some seconds. */
  get readTwice(): CatalogueProduct | null {
    return this.#hints.readTwice?.product ?? null;
  }
  /**
   * True while Sell is shown. Elsewhere nothing is charged, and a product that is scanned brings the counter back: whoever
   * shows pages follows this.
   */
  get atCounter(): boolean {
    return this.#scans.atCounter;
  }
  /** False: "this tablet can't reach Till". */
  get canReachTill(): boolean {
    return this.#station.canReachTill;
  }
  /** False: "Till can't reach the wallet". */
  get canReachWallet(): boolean {
    return this.#station.canReachWallet;
  }
  get journalBlocked(): boolean {
    return this.#station.journalFailed || (this.#station.counter?.order.journalFailed ?? false);
  }
  /** Another tab holds an older version of the journal open: close it. */
  get databaseBlocked(): boolean {
    return this.#station.databaseBlocked;
  }
  get settings(): RegisterSettings {
    return this.#station.settings;
  }
  /** How the journal is kept, and what its page does. */
  get books(): Books {
    return this.#station;
  }
  /** What every request carries; null while another tab writes. */
  get writerStamp(): WriterStamp | null {
    return this.#station.writerStamp;
  }
  /** Which tab of this browser writes: scanners open and close with it. */
  get writer(): Writer {
    return this.#station.writer;
  }
  /** The journal's way to the server; null in a tab that does not write. */
  get sync(): Sync | null {
    return this.#station.sync;
  }
  /** True while a payment is at the counter: nothing of the page may be exchanged under it. */
  get hasPaymentAtCounter(): boolean {
    return this.#station.counter?.hasPaymentAtCounter ?? false;
  }
  get sounds(): Sounds {
    return this.#parts.sounds;
  }

  /** Active products found by name or code; all of them, in the order of the tiles, for an empty text. */
  search(text: string): readonly CatalogueProduct[] {
    const { find, catalogue } = this.#station.shopSession;
    if (find === null || catalogue === null) return [];
    return text.trim() === '' ? catalogue.products.filter((product) => product.active) : find.search(text);
  }
  productById(id: string): CatalogueProduct | null {
    return this.#station.shopSession.find?.byId(id) ?? null;
  }
  /** The product that a scan names, whatever its label says of weight or price. */
  productOf(scan: Scan): CatalogueProduct | null {
    return this.#station.shopSession.find?.match(scan)?.product ?? null;
  }
  /** The product's price now, in minor units. */
  priceOf(product: CatalogueProduct): number {
    return currentPrice(product).priceMinor;
  }

  /** Opens the journal, signs on, takes up what was left behind. Again: tries what failed. */
  async start(): Promise<void> {
    this.scanners.start();
    await this.#station.start();
  }
  async stop(): Promise<void> {
    this.#scannerTurn.end();
    this.scanners.stop();
    this.#hints.forgetAll();
    await this.#scans.idle();
    this.#station.stop();
  }

  /** A manager makes this browser a register. `registerId` null: a new one. */
  async enrol(register: {
    readonly name: string;
    readonly registerId: string | null;
  }): Promise<ActionResult> {
    return this.#station.enrol(register);
  }
  /** This browser becomes the register for which a manager made the code. */
  enrolByCode(code: string): Promise<ActionResult> {
    return this.#station.enrolByCode({ code });
  }
  /** The browser says that there is a network again. */
  networkIsBack(): void {
    void this.#station.networkIsBack();
  }
  /** The browser says that there is none: whether Till can be reached is found out at once. */
  networkIsGone(): void {
    this.#station.networkIsGone();
  }
  saveSettings(settings: Partial<RegisterSettings>): void {
    this.#station.saveSettings(settings);
  }

  /** A typed code: routed like a scan, by what the screen is doing. */
  scan(text: string): void {
    this.takeScan(createScan({ text, source: 'typed', at: this.#parts.clock.monotonic() }));
  }
  /** A scan from any scanner. */
  takeScan(scan: Scan): void {
    this.#scans.take(scan);
  }
  /** How many scans came, whatever became of them: somebody is here. */
  get scans(): number {
    return this.#scans.count;
  }
  /** Gives all scans to a screen while it is open. @returns gives them back to the counter */
  giveScansTo(screen: ScanScreen): () => void {
    return this.#scans.giveTo(screen);
  }
  /** Says which page is shown; to be told at every change. */
  showsCounter(shown: boolean): void {
    this.#scans.showsCounter(shown);
  }
  /** "Read twice? +1": there were two. */
  addReadTwice(): void {
    this.#scans.addReadTwice();
  }
  forgetScannedOrder(): void {
    this.#hints.goOn();
  }
  /** A tap on a tile. */
  tap(product: CatalogueProduct): void {
    this.#scans.tap(product);
  }
  /** "Add it now": the code of a red row becomes a product at the typed price, and is sold. */
  async addNow(rowId: string, item: TypedItem): Promise<void> {
    const { api, newId } = this.#parts;
    const { order } = this.counter;
    const { shopSession } = this.#station;
    const met = await addUnknownNow({ api, newId, order, shopSession, rowId, item });
    if (met !== null) this.#hints.say(met);
  }
  /** "Charge": opens the stage at `ready`; a total of zero is finished without a payment. */
  charge(): void {
    this.#scans.afterwards(() => this.#chargeNow());
  }
  #chargeNow(): void {
    const { counter } = this.#station;
    if (counter === null) return;
    const block = counter.order.chargeBlock;
    this.#hints.sayBlock(block);
    if (block !== null || counter.mode === 'paying') return;
    if (counter.order.totals.totalMinor === 0) counter.finishFree();
    else counter.openStage();
  }
  /** Taking cash on the stage. */
  get till(): CashFlow {
    return this.counter.cash;
  }
  /** "Cash" on the stage. */
  openCash(): void {
    this.#scans.afterwards(() => {
      const { counter } = this.#station;
      if (counter === null) return;
      this.#hints.sayBlock(counter.order.chargeBlock);
      counter.cash.open();
    });
  }
  /** Cash that the shopper gave. Less than what is left is a part of it. */
  takeCash(givenMinor: number): void {
    this.#takeByHand((cash) => cash.takeCash(givenMinor));
  }
  /** "Card on our other machine": paid there; here it is written down. */
  takeCard(name: string): void {
    this.saveSettings({ cardMachine: name });
    this.#takeByHand((cash) => cash.takeCard(name));
  }
  /** For the amount that stood there when it was pressed: a scan that was on its way may change it. */
  #takeByHand(take: (cash: CashFlow) => Promise<void>): void {
    const left = (): number | null => (this.cash?.state === 'amount' ? this.cash.leftMinor : null);
    const pressedAt = left();
    this.#scans.afterwards(() => {
      const { counter } = this.#station;
      if (counter === null) return;
      if (left() === pressedAt) void take(counter.cash);
      else if (left() === null) this.#hints.sayBlock(counter.order.chargeBlock);
      else this.#hints.say('total_changed');
    });
  }
  /** Cash into or out of the drawer that is no sale. @returns false where it could not be written down */
  async moveCash(movement: Pick<CashMoved, 'kind' | 'amountMinor' | 'why'>): Promise<boolean> {
    // what can't be fetched has written nothing down
    const part = await import('./move-cash').catch(() => null);
    return (await part?.moveCash({ ...this.#parts, station: this.#station, movement })) ?? false;
  }
  /** "Paid after all": keep it. */
  keepMoney(): void {
    this.payment?.keep();
  }
  /** Sets the order aside. One with a red row stays until that is sorted out, and it is said why. */
  park(): void {
    if (this.order.hasRedRow) this.#hints.sayBlock('red_row');
    this.counter.park();
  }
  /** Takes up an order that waits, but not over a red row, which would be lost. */
  resume(orderId: string): void {
    void this.#resume(orderId);
  }
  /** Null when this register's journal does not know the order. */
  receipt(orderId: string): Promise<Receipt | null> {
    return readReceipt({ station: this.#station, orderId });
  }
  /** This register's orders of today, newest first. */
  ordersToday(): Promise<readonly JournaledOrder[]> {
    return readOrdersToday({ station: this.#station, nowMs: this.#parts.clock.now() });
  }

  /** The counter itself: its order, its stage, its tray. @throws Error before the phase is `ready`. */
  get counter(): Counter {
    const { counter } = this.#station;
    if (counter === null) throw new Error('The register is not ready: look at its phase first.');
    return counter;
  }

  async #resume(orderId: string): Promise<void> {
    const { journal } = this.#station;
    // the end of a payment that was just seen is on its way into the journal
    await journal?.settled();
    const record = await journal?.order(orderId).catch(() => undefined);
    const attempts = await journal?.attemptsOf(orderId).catch(() => undefined);
    if (record === undefined || attempts === undefined) return;
    if (this.order.hasRedRow) this.#hints.sayBlock('red_row');
    else this.counter.resume(record, attempts);
  }
}
