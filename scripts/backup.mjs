/**
 * `npm run backup`: copies the database and the secret that belongs to it, while Till runs.
 * `-- FOLDER` names where to (default `data/backups`), `--keep N` how many are kept (default 30).
 */
import { resolve } from 'node:path';
import { databaseOf } from './lib/database.mjs';
import { root } from './lib/project.mjs';
import { giveUp } from './lib/run.mjs';
import { loadSettings, needNode24 } from './lib/settings.mjs';

needNode24('npm run backup');
process.chdir(root);
loadSettings();

const { into, keep } = readArguments(process.argv.slice(2));
const { dropOldBackups, makeBackup } = await import('./lib/backup/make.mjs');
const made = await makeBackup({ database: databaseOf(process.env), into });
if ('sentence' in made) giveUp(made.sentence);
const { folder, rows } = made.backup;
process.stdout.write(`Backed up to ${folder}\n`);
const counts = Object.entries(rows).map(([table, count]) => `${count} ${table}`);
if (counts.length > 0)
  process.stdout.write(`  ${counts.join(', ')}; the copy was read through and is whole\n`);
const dropped = dropOldBackups({ into, keep });
if (dropped.length > 0) process.stdout.write(`  ${dropped.length} older removed; the newest ${keep} stay\n`);
process.stdout.write(
  'Keep a copy on another machine. The private key of CodePay is not in it: keep that one apart.\n'
);

/** @param {string[]} args */
function readArguments(args) {
  const rest = [...args];
  const at = rest.indexOf('--keep');
  const [, number = '30'] = at === -1 ? [] : rest.splice(at, 2);
  if (!/^[1-9]\d{0,3}$/.test(number)) giveUp('--keep takes how many backups to keep, from 1 to 9999.');
  const [folder = 'data/backups', ...more] = rest;
  if (more.length > 0) giveUp('Say where to: npm run backup -- /media/usb/till --keep 30');
  return { into: resolve(folder), keep: Number(number) };
}
