/**
 * Global setup of Playwright and of the fault tests: a till's folder as its first start leaves it. Every server of the run
 * begins with a copy, so that none makes the tables, the demo people and the gateway's keys anew. What Node made of the
 * code it leaves too.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledTill, preparedTill, startTill } from './till-server.ts';

export default async function prepareTill(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'till-prepared-'));
  const compiled = mkdtempSync(join(tmpdir(), 'till-compiled-'));
  process.env[compiledTill] = compiled;
  const till = await startTill({ timeScale: 1 });
  await till.stop({ keepIn: folder });
  process.env[preparedTill] = folder;
  return () => {
    for (const made of [folder, compiled]) rmSync(made, { recursive: true, force: true });
  };
}
