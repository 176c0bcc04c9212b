/** One scanner of this register: what is kept of it, how it is, and the device behind it once its road was fetched. */
import type {
  CameraControls,
  Scanner,
  ScannerInfo,
  ScannerRoad,
  ScannerSettings,
  ScannerState
} from '$lib/scanning/port';
import type { SavedScanner } from './scanner-settings';

/** One scanner in the list. */
export class RegisterScanner {
  #info: ScannerInfo;
  #settings: ScannerSettings;
  #state = $state.raw<ScannerState>({ state: 'off' });
  #scanner: Scanner | null = null;
  #lettings = 0;

  constructor({ info, settings }: SavedScanner) {
    this.#info = $state.raw(info);
    this.#settings = $state.raw(settings);
  }

  get id(): string {
    return this.#info.id;
  }
  get road(): ScannerRoad {
    return this.#info.road;
  }
  get info(): ScannerInfo {
    return this.#info;
  }
  get settings(): ScannerSettings {
    return this.#settings;
  }
  get state(): ScannerState {
    return this.#state;
  }
  /** Picture, light and choice of a camera; null for all else. */
  get camera(): CameraControls | null {
    return this.#scanner?.camera ?? null;
  }
  /** What is kept of it. */
  get saved(): SavedScanner {
    return { info: this.#info, settings: this.#settings };
  }
  /** For `Scanners` only, as are the methods below. */
  get scanner(): Scanner | null {
    return this.#scanner;
  }
  bind(scanner: Scanner, shown: (state: ScannerState) => ScannerState): void {
    this.#scanner = scanner;
    scanner.onState((state) => (this.#state = shown(state)));
  }
  /** How often it was let go: what was asked for before is not wanted any more. */
  get lettings(): number {
    return this.#lettings;
  }
  async letGo(): Promise<void> {
    this.#lettings += 1;
    await this.#scanner?.disconnect();
  }
  destroy(): void {
    this.#lettings += 1;
    this.#scanner?.destroy();
  }
  show(state: ScannerState): void {
    this.#state = state;
  }
  become(info: Partial<Pick<ScannerInfo, 'name' | 'vendorId' | 'productId'>>): void {
    this.#info = { ...this.#info, ...info };
  }
  set(settings: ScannerSettings): void {
    this.#settings = settings;
    this.#scanner?.configure(settings);
  }
}
