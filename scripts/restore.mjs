/** `npm run restore -- FOLDER`: puts a backup in the database's place; what stands there is moved aside, not deleted. */
import { resolve } from 'node:path';
import { databaseOf } from './lib/database.mjs';
import { root } from './lib/project.mjs';
import { giveUp } from './lib/run.mjs';
import { loadSettings, needNode24 } from './lib/settings.mjs';

needNode24('npm run restore');
process.chdir(root);
loadSettings();

const [from, ...more] = process.argv.slice(2);
if (from === undefined || more.length > 0) {
  giveUp('Say which backup: npm run restore -- data/backups/till-2026-11-25T21-00-00Z');
}
const { answersAt, restoreBackup } = await import('./lib/backup/restore.mjs');
const restored = await restoreBackup({
  database: databaseOf(process.env),
  from: resolve(from),
  live: (process.env.CODEPAY_GATEWAY_URL ?? '').trim() !== '',
  isRunning: () => answersAt(process.env)
});
if ('sentence' in restored) giveUp(restored.sentence);
const { aside, facts } = restored;
process.stdout.write(`Restored what was backed up at ${facts.madeAt}.\n`);
if (aside !== null) process.stdout.write(`What stood there before is kept in ${aside}.\n`);
process.stdout.write(
  'Now start Till. It asks the wallet about every open payment, and the registers send what came after the backup.\n'
);
