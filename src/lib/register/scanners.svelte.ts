/**
 * The scanners of this register: which there are, how they are, what they are set to. They all work at once, and come back
 * by themselves where the browser allows it. What is kept is which and how set, never what they read.
 */
import type { Kept } from '$lib/journal/kept';
import type { MakeDevice } from '$lib/scanning/adapters/device-maker';
import { createFeed } from '$lib/scanning/feed';
import type {
  ConnectResult,
  Scanner,
  ScannerRoad,
  ScannerSettings,
  ScannerTrace,
  Unsubscribe
} from '$lib/scanning/port';
import type { NewId } from './ports';
import { RegisterScanner } from './register-scanner.svelte';
import type { ScanListener, ScannerRoads } from './scanner-roads';
import { firstSettings, readSavedScanners, wedgeId, type SavedScanner } from './scanner-settings';

export type { ScanListener, ScannerRoads } from './scanner-roads';
export type { RegisterScanner } from './register-scanner.svelte';
export { wedgeId } from './scanner-settings';

/** Where the list of scanners is kept between two starts. */
export interface ScannerStore {
  /** What was kept, as it was; its shape is checked here. */
  readonly read: () => Promise<unknown>;
  readonly write: (saved: readonly SavedScanner[]) => Promise<void>;
}

/** The register's own store, in its database. */
export function scannersIn(kept: Kept): ScannerStore {
  return { read: () => kept.read('scanners'), write: (saved) => kept.write('scanners', saved) };
}

/** What a press of "Add" came to. */
export type AddResult =
  | { readonly ok: true; readonly id: string }
  | (Extract<ConnectResult, { readonly ok: false }> & {
      /** The scanner's id, where it stands in the list all the same and is tried again. */
      readonly id: string | null;
    });

const noDevice = { vendorId: null, productId: null };
/** Its road could not be fetched: there was no network. */
const failed = { trouble: 'failed', remedy: 'retry' } as const;

export class Scanners {
  readonly #roads: ScannerRoads;
  readonly #listener: ScanListener;
  readonly #newId: NewId;
  readonly #keyboardIsFree: boolean;
  readonly #traces = createFeed<{ readonly id: string; readonly trace: ScannerTrace }>();
  readonly #wedge: RegisterScanner;
  #list = $state.raw<readonly RegisterScanner[]>([]);
  /** Those that somebody is being asked for; they are in no list yet. */
  #adding: readonly { readonly one: RegisterScanner; readonly added: Promise<AddResult> }[] = [];
  /** Null until it is known. */
  #isOwner: boolean | null = null;
  #running = false;
  #store: ScannerStore | null = null;
  #make: Promise<MakeDevice> | null = null;

  /** @param keyboardIsFree  the keyboard works here whoever has the register: it types into one tab only */
  constructor({
    roads,
    listener,
    newId,
    keyboardIsFree = false
  }: {
    readonly roads: ScannerRoads;
    readonly listener: ScanListener;
    readonly newId: NewId;
    readonly keyboardIsFree?: boolean;
  }) {
    this.#keyboardIsFree = keyboardIsFree;
    this.#roads = roads;
    this.#listener = listener;
    this.#newId = newId;
    this.#wedge = new RegisterScanner({
      info: { id: wedgeId, road: 'wedge', name: '', ...noDevice },
      settings: firstSettings('wedge')
    });
    this.#list = [this.#wedge];
  }

  /** All scanners; the keyboard is the first and always there, with an empty name until it gets one. */
  get list(): readonly RegisterScanner[] {
    return this.#list;
  }
  /** Which roads this browser has. */
  get available(): Readonly<Record<ScannerRoad, boolean>> {
    return this.#roads.available;
  }
  /** Scanners that do not work now though they should, for the bar at the top. */
  get troubled(): readonly RegisterScanner[] {
    return this.#list.filter(({ state }) => state.state === 'waiting' || state.state === 'needs_you');
  }
  byId(id: string): RegisterScanner | null {
    return this.#list.find((one) => one.id === id) ?? null;
  }

  /** The keyboard as soon as this tab has the register; the others when {@link Scanners.restore} knows them too. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    if (this.#wedge.scanner === null) this.#bind(this.#wedge, this.#makeWedge());
    void this.#reopenAll();
  }

  /** Fetches the other roads ahead, while there is a network: what is wanted later must not depend on one. */
  async prepare(): Promise<void> {
    await this.#maker().catch(() => undefined);
  }

  /** Takes up the scanners that were kept, and opens them without asking anybody. */
  async restore(store: ScannerStore): Promise<void> {
    const saved = readSavedScanners(await store.read().catch(() => undefined));
    for (const one of saved) {
      if (one.info.id === wedgeId) {
        this.#wedge.become({ name: one.info.name });
        this.#wedge.set(one.settings);
      } else if (this.byId(one.info.id) === null) {
        this.#list = [...this.#list, new RegisterScanner(one)];
      }
    }
    // From here on it may be written: all that was kept stands in the list.
    this.#store = store;
    await this.#reopenAll();
  }

  /** Lets all scanners go and hears nothing any more, until `start`. */
  stop(): void {
    this.#running = false;
    this.#isOwner = null;
    for (const one of this.#list) void one.letGo();
    this.#letGoAdding();
  }

  /** Whether this tab has the register. Two tabs that open one HID scanner share its scans, so only one may. */
  setOwner(isOwner: boolean): void {
    if (this.#isOwner === isOwner) return;
    this.#isOwner = isOwner;
    if (isOwner) {
      for (const one of this.#list) {
        if (one.road === 'camera') one.show(one.scanner?.state ?? { state: 'off' });
      }
      void this.#reopenAll();
      return;
    }
    for (const one of this.#list) {
      if (this.#isFree(one)) continue;
      void one.letGo();
      one.show({ state: 'other_tab' });
    }
    this.#letGoAdding();
  }
  #letGoAdding(): void {
    for (const { one } of this.#adding) void one.letGo();
    this.#adding = [];
  }
  #isFree(one: RegisterScanner): boolean {
    return this.#keyboardIsFree && one === this.#wedge;
  }

  /** Lets the user choose a new scanner. To be called in the handler of a press; pressed again meanwhile, it is the same one. */
  async add(road: Exclude<ScannerRoad, 'wedge'>): Promise<AddResult> {
    if (!this.available[road]) {
      return { ok: false, id: null, trouble: 'unsupported', remedy: 'other_road' };
    }
    const running = this.#adding.find(({ one }) => one.road === road);
    if (running !== undefined) return running.added;
    const one = new RegisterScanner({
      info: { id: this.#newId(), road, name: '', ...noDevice },
      settings: firstSettings(road)
    });
    const added = this.#add(one);
    this.#adding = [...this.#adding, { one, added }];
    return added.finally(() => {
      this.#adding = this.#adding.filter((other) => other.one !== one);
    });
  }
  async #add(one: RegisterScanner): Promise<AddResult> {
    const result = await this.#connect(one);
    if (!result.ok && !isChosen(one.scanner)) {
      one.destroy();
      return { ...result, id: null };
    }
    this.#list = [...this.#list, one];
    this.#save();
    return result.ok ? { ok: true, id: one.id } : { ...result, id: one.id };
  }

  /** Lets the user choose the device of a scanner in the list again. To be called in the handler of a press. */
  async connect(id: string): Promise<ConnectResult> {
    const one = this.byId(id);
    return one === null ? { ok: false, ...failed } : this.#connect(one);
  }
  /** Opens it without asking: "Try again". */
  reopen(id: string): void {
    const one = this.byId(id);
    if (one !== null && this.#isOwner === true) void this.#reopen(one);
  }
  /** Lets it go until `reopen`, `connect` or the next start. */
  async disconnect(id: string): Promise<void> {
    await this.byId(id)?.letGo();
  }
  /** Takes it out of the list. The keyboard stays. */
  remove(id: string): void {
    const one = this.byId(id);
    if (one === null || one === this.#wedge) return;
    one.destroy();
    this.#list = this.#list.filter((other) => other !== one);
    this.#save();
  }
  rename(id: string, name: string): void {
    this.byId(id)?.become({ name: name.trim().slice(0, 80) });
    this.#save();
  }
  /** Settings of the scanner's own road; others are ignored. */
  configure(id: string, settings: ScannerSettings): void {
    const one = this.byId(id);
    if (one === null || one.road !== settings.road) return;
    one.set(settings);
    this.#save();
  }

  /** Tells all that arrives at any scanner: for the test panel, while it is open. Payment codes too: keep nothing of it. */
  onTrace(listener: (told: { readonly id: string; readonly trace: ScannerTrace }) => void): Unsubscribe {
    return this.#traces.listen(listener);
  }

  /** A camera that was kept is made by the press that switches it on. */
  async #connect(one: RegisterScanner): Promise<ConnectResult> {
    if (this.#isOwner === false) return { ok: false, trouble: 'in_use', remedy: 'close_other' };
    const { lettings } = one;
    try {
      const scanner = one.scanner ?? (await this.#scannerOf(one));
      if (one.lettings === lettings) return await scanner.connect();
    } catch {
      if (one.lettings === lettings) one.show({ state: 'needs_you', ...failed });
    }
    return { ok: false, ...failed };
  }

  #makeWedge(): Scanner {
    return this.#roads.makeWedge({ settings: this.#wedge.settings, listener: this.#listener });
  }

  async #scannerOf(one: RegisterScanner): Promise<Scanner> {
    const make = await this.#maker();
    // somebody else who waited for its road was first: two of one device would tell each scan twice
    if (one.scanner !== null) return one.scanner;
    const scanner = make({
      ...one.saved,
      onDevice: ({ name, ...numbers }) => {
        one.become({ ...numbers, ...(one.info.name === '' && { name }) });
        this.#save();
      }
    });
    this.#bind(one, scanner);
    return scanner;
  }

  #maker(): Promise<MakeDevice> {
    this.#make ??= this.#roads.load().catch((error: unknown) => {
      this.#make = null;
      throw error;
    });
    return this.#make;
  }

  #bind(one: RegisterScanner, scanner: Scanner): void {
    one.bind(scanner, (state) =>
      this.#isOwner === false && !this.#isFree(one) ? { state: 'other_tab' } : state
    );
    scanner.onScan((scan) => this.#listener.onScan(scan));
    scanner.onTrace((trace) => this.#traces.tell({ id: one.id, trace }));
  }

  async #reopenAll(): Promise<void> {
    if (!this.#running) return;
    // A camera is switched on by a press only: nobody wants to be filmed by surprise.
    const all = this.#list.filter(
      (one) => one.road !== 'camera' && (this.#isOwner === true || this.#isFree(one))
    );
    await Promise.all(all.map((one) => this.#reopen(one)));
  }

  async #reopen(one: RegisterScanner): Promise<void> {
    if (!this.available[one.road]) {
      one.show({ state: 'needs_you', trouble: 'unsupported', remedy: 'other_road' });
      return;
    }
    try {
      const scanner = one.scanner ?? (await this.#scannerOf(one));
      const mayOpen = this.#isOwner === true || this.#isFree(one);
      if (this.#running && mayOpen && this.#list.includes(one)) scanner.reopen();
    } catch {
      one.show({ state: 'needs_you', ...failed });
    }
  }

  #save(): void {
    const saved = this.#list.map((one) => one.saved);
    void this.#store?.write(saved).catch(() => undefined);
  }
}

/** The user chose a device, though it could not be opened yet. */
function isChosen(scanner: Scanner | null): boolean {
  return scanner?.state.state === 'waiting' || scanner?.state.state === 'connecting';
}
