/** How the scanners that type are set on one register. */

/** How this register's scanner types, learned or set by hand. */
export interface WedgeSettings {
  /** What the scanner is programmed to type before each code; empty if nothing. */
  readonly prefix: string;
  /** What it types after each code, before Enter or Tab; empty if nothing. */
  readonly suffix: string;
  /** Longest time from one character to the next, in milliseconds. The calibrated value is the scanner's own. */
  readonly maxGapMs: number;
  /** Shortest code that is read. */
  readonly minLength: number;
  /**
   * Which reading is right on this register: key positions on a US keyboard, the host's characters, the learned layout, or
   * each time the one that makes sense.
   */
  readonly reading: 'auto' | 'code' | 'key' | 'learned';
  /** The characters of key strokes (`strokeOf`), where the scanner's layout is neither US nor the host's. */
  readonly layout: Readonly<Record<string, string>>;
  /** Whether the scanner looks at Caps Lock and presses Shift the other way round for it. */
  readonly capsLock: 'ignored_by_scanner' | 'compensated_by_scanner';
  /** What the scanner ends a code with. With `none` its pace tells the end, and a scan is told sooner. */
  readonly terminator: 'unknown' | 'enter' | 'tab' | 'none';
}

/** No hand types this fast for long: people take 60 ms a key at the least, most scanners 8 to 30. */
export const fasterThanHandsMs = 50;

/**
 * An uncalibrated register's settings. The gap stands just below the fastest hand, five times above a usual scanner: a longer
 * one would ask of quick typing in the search box whether it is a scan, a shorter one would doubt a scanner on a busy host.
 */
export const defaultWedgeSettings: WedgeSettings = {
  prefix: '',
  suffix: '',
  maxGapMs: fasterThanHandsMs,
  minLength: 6,
  reading: 'auto',
  layout: {},
  capsLock: 'ignored_by_scanner',
  terminator: 'unknown'
};
