/**
 * What the register stands on: its database, its session, its journal, and whether Till and the wallet can be reached.
 * It opens them in the right order, tries again what failed, and takes up what a reload left behind.
 */
import { openDatabase, type JournalDatabase } from '$lib/journal/database';
import { openJournal, type Journal } from '$lib/journal/journal';
import { createKept, type Kept } from '$lib/journal/kept';
import { lastSeq, newestEpoch } from '$lib/journal/outbox';
import type { UseEnrolCode } from '$lib/wire/registers';
import type { WriterStamp } from '$lib/wire/writer-stamp';
import type { Books } from './books';
import type { JournalDesk } from './journal-desk.svelte';
import type { Counter } from './counter.svelte';
import type { News } from './change-stream';
import { createCounter } from './create-counter';
import { KnownPeople } from './known-people.svelte';
import { ParkedOrders } from './parked-orders.svelte';
import { delay } from './ports';
import { Reach } from './reach.svelte';
import { OpenPayments } from './open-payments.svelte';
import { recoverCounter } from './recover';
import type { ParkedOrder } from './sales';
import { KeptSettings } from './kept-settings.svelte';
import type { RegisterSettings } from './settings';
import { ShopSession, type ActionResult } from './shop-session.svelte';
import { SyncKeeper } from './sync-keeper.svelte';
import type { Sync } from './sync.svelte';
import { toldJournal } from './told-journal';
import type { RegisterPhase, StationParts } from './station-parts';
import { Writer } from './writer.svelte';
import { askDisk, type DiskRoom } from './disk';

const giveWayCheckMs = 500;

export class Station implements Books {
  readonly shopSession: ShopSession;
  readonly writer: Writer;
  /** Who can be named here without a network. */
  readonly known: KnownPeople;
  readonly reach: Reach;
  readonly #parts: StationParts;
  readonly #syncing: SyncKeeper;
  readonly #openPayments = new OpenPayments();
  readonly #parked: ParkedOrders;
  readonly #settings = new KeptSettings(() => this.#kept);
  #running = new AbortController();
  #deafen: () => void = () => undefined;
  #database: JournalDatabase | null = null;
  #kept: Kept | null = null;
  #journal: Journal | null = null;
  #opening: Promise<void> = Promise.resolve();
  #stamp: WriterStamp | null = null;
  /** Settles when what the last counter wrote is written. */
  #left: Promise<void> = Promise.resolve();

  #counter = $state.raw<Counter | null>(null);
  #storageLost = $state(false);
  #journalFailed = $state(false);
  #outdated = $state(false);
  #diskRoom = $state.raw<DiskRoom | null>(null);
  #databaseBlocked = $state(false);

  constructor(parts: StationParts) {
    this.#parts = parts;
    this.#syncing = new SyncKeeper(parts);
    this.#parked = new ParkedOrders(parts);
    this.reach = new Reach({ ...parts, onBack: () => this.#syncing.wake() });
    const kept = () => this.#kept;
    this.known = new KnownPeople({
      ...parts,
      kept,
      registerId: () => this.shopSession.session?.register?.registerId ?? null
    });
    this.shopSession = new ShopSession({
      ...parts,
      kept,
      known: this.known,
      owesSignOut: () => this.settings.owesSignOut,
      onSignOutDone: () => this.saveSettings({ owesSignOut: null }),
      onHeard: ({ till }) => this.reach.heard({ till, wallet: null })
    });
    this.writer = new Writer({
      ...parts,
      mayHandOver: () => !this.hasPaymentAtCounter,
      finish: () => this.#left,
      onChange: () => void this.#changeWriter()
    });
  }

  get phase(): RegisterPhase {
    if (this.#outdated) return 'contract_changed';
    if (this.#journalFailed) return 'journal_failed';
    const { phase } = this.shopSession;
    if (phase === 'ready' && this.#storageLost) return 'storage_lost';
    // Till was renewed: not in the middle of a payment, whose end this page can still show
    if (phase === 'contract_changed' && this.hasPaymentAtCounter) return 'ready';
    if (phase === 'ready' && this.writer.state === 'reading') return 'other_tab';
    return phase === 'ready' && this.#counter === null ? 'starting' : phase;
  }
  get counter(): Counter | null {
    return this.#counter;
  }
  get journal(): Journal | null {
    return this.#journal;
  }
  /** The journal's way to the server; null in a tab that does not write. */
  get sync(): Sync | null {
    return this.#syncing.sync;
  }
  /** What every request carries, so that the server can tell this writer from one that was replaced; null while reading. */
  get writerStamp(): WriterStamp | null {
    return this.#stamp;
  }
  /** True while a payment is at the counter: nothing may be renewed or upgraded then. */
  get hasPaymentAtCounter(): boolean {
    return this.#counter?.hasPaymentAtCounter === true;
  }
  /** Whether the browser promised to keep the journal, and how much room it has; null before it answered. */
  get diskRoom(): DiskRoom | null {
    return this.#diskRoom;
  }
  get journalFailed(): boolean {
    return this.#journalFailed;
  }
  get databaseBlocked(): boolean {
    return this.#databaseBlocked;
  }
  get canReachTill(): boolean {
    return this.reach.till;
  }
  get canReachWallet(): boolean {
    return this.reach.wallet;
  }
  /** Ends what goes on in the background when the page goes. */
  get running(): AbortSignal {
    return this.#running.signal;
  }
  get parked(): readonly ParkedOrder[] {
    return this.#parked.list;
  }
  get settings(): RegisterSettings {
    return this.#settings.current;
  }

  /** Opens everything; called again, it tries what failed. */
  async start(): Promise<void> {
    if (this.#running.signal.aborted) this.#running = new AbortController();
    this.#deafen();
    this.#deafen = this.#parts.changes.subscribe((news) => this.#hearNews(news));
    await this.#openDatabase();
    void this.#askDisk();
    await this.writer.start();
    await this.#look();
    void this.reach.keepAsking({ ask: () => this.#look(), signal: this.#running.signal });
  }

  stop(): void {
    this.#running.abort();
    this.#deafen();
    void this.#parts.changes.stop();
    this.writer.stop();
    this.#leaveCounter();
    this.#syncing.end();
    this.#journal = null;
    this.#database?.close();
    this.#database = null;
    this.#kept = null;
  }

  /** Once signed in on a register: its journal, its counter, and what a reload left behind. Does nothing where it stands. */
  openCounter(): Promise<void> {
    // in line: a sign-in and a probe at the same time must not make two counters
    this.#opening = this.#opening.then(() => this.#openCounterNow()).then(() => this.#ensureSync());
    return this.#opening;
  }

  /** The browser says that the network is back: it is looked at once. */
  async networkIsBack(): Promise<void> {
    this.#syncing.wake();
    this.#counter?.lookAtOnce();
    await this.#look();
  }

  /** The browser says that it has no network. Till may be reached all the same, so it is asked, and only silence counts. */
  networkIsGone(): void {
    this.#counter?.lookAtOnce();
    this.reach.askNow();
  }

  /** Makes this browser a register: a new one, or an existing one anew. */
  async enrol(register: {
    readonly name: string;
    readonly registerId: string | null;
  }): Promise<ActionResult> {
    const enrolled = await this.shopSession.enrol({ ...register, epochAbove: await this.#newestEpoch() });
    if (enrolled.ok) await this.openCounter();
    return enrolled;
  }

  /** By a manager's code. */
  async enrolByCode({ code }: Pick<UseEnrolCode, 'code'>): Promise<ActionResult> {
    const enrolled = await this.shopSession.enrolByCode({ code, epochAbove: await this.#newestEpoch() });
    if (enrolled.ok) await this.openCounter();
    return enrolled;
  }

  saveSettings(settings: Partial<RegisterSettings>): void {
    this.#settings.change(settings);
  }

  async #openDatabase(): Promise<void> {
    if (this.#database !== null) return;
    const { signal } = this.#running;
    try {
      const database = await openDatabase({
        name: this.#parts.databaseName,
        onBlocked: () => {
          this.#databaseBlocked = true;
        },
        onNewer: () => this.#giveWay(signal)
      });
      if (signal.aborted) {
        database.close();
        return;
      }
      this.#database = database;
      this.#databaseBlocked = false;
      this.#journalFailed = false;
      this.#kept = createKept(database);
      this.#parts.onKept?.(this.#kept);
      await this.#settings.read();
    } catch {
      this.#journalFailed = true;
    }
  }

  async #openCounterNow(): Promise<void> {
    const { session, phase } = this.shopSession;
    const identity = session?.register ?? null;
    const database = this.#database;
    const { signal } = this.#running;
    if (phase !== 'ready' || identity === null || database === null || signal.aborted || this.#outdated)
      return;
    const { held } = this.writer;
    const { registerId, epoch } = identity;
    const stands = this.#journal?.registerId === registerId && this.#journal.epoch === epoch;
    if (stands && (this.#counter === null) === (held === null)) {
      this.#parts.changes.start();
      return;
    }

    const { clock } = this.#parts;
    try {
      this.#storageLost = (identity.journalSeq ?? 0) > (await lastSeq(database, identity));
      if (this.#storageLost) {
        this.#leaveCounter();
        this.#journal = null;
        return;
      }
      const opened = await openJournal({
        database,
        registerId,
        epoch,
        orderSeqAtLeast: identity.lastOrderSeq ?? 0,
        writes: held === null ? null : { termAtLeast: identity.writerTerm ?? 0 },
        now: () => clock.now(),
        monotonic: () => clock.monotonic()
      });
      const journal = toldJournal(opened, () => this.#syncing.wake());
      if (held === null) {
        this.#journal = journal;
        this.#journalFailed = false;
        return;
      }
      // whoever wrote before may have locked it, or owe a sign-out
      await this.#settings.read();
      // from here on the server refuses the tab that wrote before
      this.#stamp = { epoch, term: journal.term };
      const { counter, loose } = createCounter({
        ...this.#parts,
        journal,
        kept: createKept(database),
        identity,
        shopSession: this.shopSession,
        running: signal,
        onHeard: (heard) => this.reach.heard(heard),
        walletBlock: () =>
          !this.canReachTill ? 'no_network' : this.shopSession.cashier.named === null ? null : 'pin_first',
        isAsking: () => this.#openPayments.isAsking,
        onWaitingChanged: () => void this.#refreshParked()
      });
      await recoverCounter({ journal, counter, loose, nowMs: clock.now() });
      if (signal.aborted || held.aborted) {
        void counter.leave();
        return;
      }
      void this.#counter?.leave();
      this.#journal = journal;
      this.#counter = counter;
      this.#journalFailed = false;
      void this.#askForOpen(journal, counter);
      await this.#refreshParked();
      // last: the counter sells without it
      this.#parts.changes.start();
    } catch {
      this.#journalFailed = true;
    }
  }

  /** The counter stands already: a network that says nothing must not hold it up. */
  async #askForOpen(journal: Journal, counter: Counter): Promise<void> {
    const isWanted = () => this.#counter === counter;
    try {
      await this.#openPayments.bringTo({ ...this.#parts, journal, counter, isWanted });
      if (isWanted()) await this.#refreshParked();
    } catch {
      if (isWanted()) this.#journalFailed = true;
    }
  }

  #ensureSync(): Promise<void> {
    const { signal } = this.#running;
    return this.#syncing.ensure({
      database: this.#database,
      registerId: this.shopSession.session?.register?.registerId ?? null,
      mayWrite: () => this.writer.isWriter && !signal.aborted,
      station: this
    });
  }

  async #newestEpoch(): Promise<number> {
    const database = this.#database;
    return database === null ? 0 : newestEpoch(database).catch(() => 0);
  }

  /** A newer page waits to upgrade the database: this one stops, but not in the middle of a payment. */
  async #giveWay(signal: AbortSignal): Promise<void> {
    while (this.hasPaymentAtCounter && !signal.aborted) {
      await delay({ clock: this.#parts.clock, ms: giveWayCheckMs, signal });
    }
    this.#outdated = true;
    this.#parts.onWriter?.(false);
    this.#syncing.end();
    this.#leaveCounter();
    await this.#left;
    this.writer.stop();
  }

  /** What the journal's page shows and does; null while there is no journal. */
  async openJournalDesk(): Promise<JournalDesk | null> {
    const database = this.#database;
    const journal = this.#journal;
    const identity = this.shopSession.session?.register;
    if (database === null || journal === null || identity == null) return null;
    const { JournalDesk: Desk } = await import('./journal-desk.svelte');
    return new Desk({
      ...this.#parts,
      database,
      journal,
      identity,
      mayRebuild: () => this.writer.isWriter && !this.hasPaymentAtCounter
    });
  }

  async #askDisk(): Promise<void> {
    if (this.#parts.disk !== undefined) this.#diskRoom = await askDisk(this.#parts.disk);
  }

  /** The lock came or went: what was on this counter goes on in the tab that has it now. */
  async #changeWriter(): Promise<void> {
    this.#parts.onWriter?.(this.writer.isWriter);
    if (!this.writer.isWriter) this.#leaveCounter();
    await this.openCounter();
    // another tab sold until now, perhaps in somebody else's name
    if (this.writer.isWriter && this.shopSession.phase !== 'starting') await this.#look();
  }

  #leaveCounter(): void {
    this.#left = this.#counter?.leave() ?? Promise.resolve();
    this.#counter = null;
    this.#stamp = null;
  }

  #refreshParked(): Promise<void> {
    return this.#parked.refresh(this.#journal, this.shopSession.session?.shop);
  }

  /** Who is signed in, and whether Till can be reached. */
  async #look(): Promise<void> {
    await this.shopSession.load();
    await this.openCounter();
    if (this.shopSession.cashier.confirmed) void this.known.askNowAndThen();
  }

  /** A stream that came or went says whether Till can be reached; what it missed is asked for. */
  #hearNews(news: News): void {
    if (news.kind !== 'change') this.reach.askNow();
    if (news.kind === 'everything' || (news.kind === 'change' && news.change.kind === 'catalogue'))
      void this.shopSession.refreshCatalogue();
    if (news.kind === 'change' && news.change.kind === 'shop') this.reach.askNow();
  }
}
