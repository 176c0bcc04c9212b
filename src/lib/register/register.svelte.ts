/**
 * The register: the object graph that the register's layout builds once and hands down. Screens read getters and call
 * methods; nothing else talks to journal, server and scanner.
 */
import type { Receipt } from '$lib/order/receipt';
import type { Register as RegisterIdentity, Session, Shop, Staff } from '$lib/wire/shop';
import type { AttemptState } from '$lib/payment/states';
import type { CurrentOrder } from './current-order.svelte';
import type { Payment } from './payment.svelte';
import type { PaymentScreen } from './payment-screen';
import type { CatalogueProduct, WireCatalogue } from './ports';
import type { Sounds } from './sounds';
import type { Tray } from './tray.svelte';

/** Where the register stands as a whole; only `ready` sells. */
export type RegisterPhase =
  | 'starting'
  | 'signed_out'
  /** Signed in, but this browser is no register yet: a manager enrols it. */
  | 'not_enrolled'
  | 'ready'
  /** Nothing of Till could be reached at the first start: there is no catalogue yet. */
  | 'offline'
  /** The server speaks a newer contract: reload the page. */
  | 'contract_changed'
  /** The journal can't be opened: sell on another till. */
  | 'journal_failed';

export interface LastSale {
  readonly orderId: string;
  readonly number: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly state: PaymentScreen['state'] | 'given_free';
  readonly wallet: string | null;
  readonly at: string;
}

export interface ParkedOrder {
  readonly orderId: string;
  readonly number: string;
  /** "Americano, 2 croissants, +1" */
  readonly what: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly openedAt: string;
  /** `parked`, or cleared today and still restorable. */
  readonly kind: 'parked' | 'cleared';
}

/** An order of this register's own day, from the journal. */
export interface JournaledOrder {
  readonly orderId: string;
  readonly number: string;
  readonly what: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly openedAt: string;
  /** The last state seen of its latest attempt; null when none was asked. */
  readonly attemptState: AttemptState | null;
}

/** Kept per register, in the journal's settings. */
export interface RegisterSettings {
  /** One-scan checkout: on for a scanner in the hand, off on a stand. Null: not asked yet. */
  readonly scannerPlace: 'hand' | 'stand' | null;
  readonly soundOnAdd: boolean;
  readonly theme: 'light' | 'dark' | 'system';
}

export type SignInResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'wrong' | 'too_many_tries' | 'offline' | 'failed';
      readonly detail: string | null;
    };

export type ActionResult = { readonly ok: true } | { readonly ok: false; readonly detail: string | null };

function notBuilt(): never {
  throw new Error('not built yet');
}

export class Register {
  get phase(): RegisterPhase {
    return notBuilt();
  }
  get session(): Session | null {
    return notBuilt();
  }
  get shop(): Shop | null {
    return notBuilt();
  }
  get staff(): Staff | null {
    return notBuilt();
  }
  get identity(): RegisterIdentity | null {
    return notBuilt();
  }
  get training(): boolean {
    return notBuilt();
  }
  get catalogue(): WireCatalogue | null {
    return notBuilt();
  }
  /** Active products found by name or code; all of them for an empty text. */
  search(text: string): readonly CatalogueProduct[] {
    void text;
    return notBuilt();
  }
  /** The product's price now. */
  priceOf(product: CatalogueProduct): number {
    void product;
    return notBuilt();
  }
  get mode(): 'selling' | 'paying' {
    return notBuilt();
  }
  get order(): CurrentOrder {
    return notBuilt();
  }
  /** What the pay stage shows; null while selling. */
  get screen(): PaymentScreen | null {
    return notBuilt();
  }
  /** The payment on the stage, if one was made. */
  get payment(): Payment | null {
    return notBuilt();
  }
  /** A product scanned while the shopper pays: "Start the next order with it?" */
  get held(): CatalogueProduct | null {
    return notBuilt();
  }
  get tray(): Tray {
    return notBuilt();
  }
  get lastSale(): LastSale | null {
    return notBuilt();
  }
  get parked(): readonly ParkedOrder[] {
    return notBuilt();
  }
  /** False: "this tablet can't reach Till". */
  get canReachTill(): boolean {
    return notBuilt();
  }
  /** False: "Till can't reach the wallet". */
  get canReachWallet(): boolean {
    return notBuilt();
  }
  get journalBlocked(): boolean {
    return notBuilt();
  }
  get settings(): RegisterSettings {
    return notBuilt();
  }
  get sounds(): Sounds {
    return notBuilt();
  }

  start(): Promise<void> {
    return notBuilt();
  }
  stop(): Promise<void> {
    return notBuilt();
  }
  signIn(credentials: { readonly username: string; readonly password: string }): Promise<SignInResult> {
    void credentials;
    return notBuilt();
  }
  signOut(): Promise<void> {
    return notBuilt();
  }
  /** A manager makes this browser a register. `registerId` null: a new one. */
  enrol(register: { readonly name: string; readonly registerId: string | null }): Promise<ActionResult> {
    void register;
    return notBuilt();
  }
  saveSettings(settings: Partial<RegisterSettings>): void {
    void settings;
    notBuilt();
  }

  /** A scan from any scanner, or a code typed into "Type the code": routed by the screen's mode. */
  scan(text: string): void {
    void text;
    notBuilt();
  }
  /** A tap on a tile. */
  tap(product: CatalogueProduct): void {
    void product;
    notBuilt();
  }
  /** "Charge": opens the stage at `ready`; a total of zero is finished without a payment. */
  charge(): void {
    notBuilt();
  }
  /** "Back to order", Esc: leaves the stage where no payment is open. */
  backToOrder(): void {
    notBuilt();
  }
  /** "Serve the next customer": the payment goes to the tray, the next order begins. */
  serveNext(): void {
    notBuilt();
  }
  /** "Next" on the paid screen; a product scan or tap does the same. */
  next(): void {
    notBuilt();
  }
  /** "Paid after all": keep it. */
  keepMoney(): void {
    notBuilt();
  }
  /** A tap on a tray chip: the payment comes back on the stage. */
  openFromTray(attemptId: string): void {
    void attemptId;
    notBuilt();
  }
  /** "Start the next order with it?" */
  startNextWithHeld(): void {
    notBuilt();
  }
  dropHeld(): void {
    notBuilt();
  }
  park(): void {
    notBuilt();
  }
  resume(orderId: string): void {
    void orderId;
    notBuilt();
  }
  /** Total zero, at least one line: the goods leave without a payment. */
  finishFree(): void {
    notBuilt();
  }
  /** Null when this register's journal does not know the order. */
  receipt(orderId: string): Promise<Receipt | null> {
    void orderId;
    return notBuilt();
  }
  /** This register's orders of today, newest first. */
  ordersToday(): Promise<readonly JournaledOrder[]> {
    return notBuilt();
  }
}

/** Builds the register for the page: real clock, real ids, Web Audio, IndexedDB, `/api`. Nothing runs before `start()`. */
export function createRegister(): Register {
  return new Register();
}
