/** What is wrong with a scanner, and what helps. */
import { type ScannerRemedy, type ScannerTrouble } from './port';

/** An edge could not give a scanner. It carries nothing that was scanned. */
export class ScannerFailure extends Error {
  override readonly name = 'ScannerFailure';
  readonly trouble: ScannerTrouble;

  constructor(trouble: ScannerTrouble, cause?: unknown) {
    super(`The scanner cannot be used (${trouble}).`, { cause });
    this.trouble = trouble;
  }
}

/** The trouble behind anything that was thrown. */
export function troubleOf(error: unknown): ScannerTrouble {
  return error instanceof ScannerFailure ? error.trouble : 'failed';
}

const remedies: Readonly<Record<ScannerTrouble, ScannerRemedy>> = {
  unsupported: 'other_road',
  insecure: 'other_road',
  blocked: 'allow',
  not_chosen: 'choose',
  permission_lost: 'choose',
  unplugged: 'plug_in',
  in_use: 'close_other',
  keyboard_mode: 'switch_mode',
  no_camera: 'plug_in',
  failed: 'retry'
};

/** What to do about it. */
export function remedyOf(trouble: ScannerTrouble): ScannerRemedy {
  return remedies[trouble];
}

/** How it goes on: by itself, by itself when the device comes, or only with somebody's help. */
export function waysOn(trouble: ScannerTrouble): 'retries' | 'returns' | 'needs_you' {
  if (trouble === 'in_use' || trouble === 'failed') return 'retries';
  return trouble === 'unplugged' || trouble === 'no_camera' ? 'returns' : 'needs_you';
}
