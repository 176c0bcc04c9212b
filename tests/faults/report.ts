/** What the suite counts for its own report: added up over all files by scripts/test-faults.mjs. */
import { appendFileSync } from 'node:fs';

export interface Counts {
  /** Shops that were driven over HTTP and brought to rest. */
  readonly worlds?: number;
  readonly seeds?: number;
  /** Different orders of events. */
  readonly interleavings?: number;
  /** Processes of the simulation that died. */
  readonly crashes?: number;
  /** Processes of the built server that were killed. */
  readonly kills?: number;
  readonly modelRuns?: number;
  /** How something was played for which machines differ. */
  readonly means?: string;
  /** Between ledger and book, minor units, added up. */
  readonly differenceMinor?: number;
}

/** Written only where the script asks for it. */
export function addToReport(counts: Counts): void {
  const path = process.env['TILL_FAULTS_REPORT'];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(counts)}\n`);
}
