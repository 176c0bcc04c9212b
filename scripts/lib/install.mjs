import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject, ownEnvironment, root, withoutOwnBin } from './project.mjs';
import { giveUp, run, say } from './run.mjs';

const installOptions = ['--include=dev', '--no-audit', '--no-fund'];
/** npm runs "prepare" itself after it installed; once a run is enough. */
let prepared = false;

/** Installs what Till runs on and is tested with. */
export async function ensureInstalled() {
  const began = 'Installing packages (about a minute the first time) …';
  if (await installIn({ folder: root, began })) prepared = true;
}

/** Installs the libraries that some benches measure Till beside. Nobody else waits for them. */
export async function ensurePeersInstalled() {
  const began = 'Installing the libraries that Till is measured beside (up to half a minute, once) …';
  await installIn({ folder: inProject('tests', 'bench'), began });
}

/**
 * Installs the packages of a folder's lock file where they are not there yet. A folder that npm itself filled from the
 * same lock file is taken as it is.
 *
 * @param {{ folder: string, began: string }} options `began` is said before the wait
 * @returns {Promise<boolean>} whether npm had to install
 */
async function installIn({ folder, began }) {
  const packages = join(folder, 'node_modules');
  const stampFile = join(packages, '.till-stamp');
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
  if (readIfThere(stampFile) === stamp && existsSync(join(packages, '.bin'))) return false;
  const missing = !holdsWhatTheLockSays({ packages, lock });
  if (missing) {
    say(began);
    let result = await npm(folder, ['ci', ...installOptions]);
    if (missesOnlyOtherPlatforms({ lock, output: result.output })) {
      // npm ci wants every platform's packages in the lock file, and a registry need not have them all. This takes
      // the same versions with the same checksums, and writes nothing.
      say('npm ci asks for packages of other platforms; installing those of this one …');
      result = await npm(folder, ['install', '--no-save', ...installOptions]);
    }
    if (result.code === 127) giveUp('npm was not found: install Node 20 or later with npm, then try again.');
    if (result.code !== 0) {
      process.stderr.write(result.output);
      giveUp(
        'The packages could not be installed. What npm said stands above; often the network is the reason.'
      );
    }
    say('Packages installed.');
  }
  writeFileSync(stampFile, stamp);
  return missing;
}

/** @param {string} folder @param {string[]} args */
function npm(folder, args) {
  return run({
    command: 'npm',
    args,
    cwd: folder,
    env: { ...process.env, PATH: withoutOwnBin() },
    waitingFor: 'installing packages'
  });
}

/** Whether all that npm misses in the lock file is optional: built for another kind of machine.
 * @param {{ lock: string, output: string }} complaint */
function missesOnlyOtherPlatforms({ lock, output }) {
  const missing = [...output.matchAll(/Missing: (\S+)@\S* from lock file/g)].map(([, name]) => name);
  const optional = new Set(
    Object.values(JSON.parse(lock).packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
  );
  return (
    missing.length > 0 &&
    !output.includes('Invalid: lock file') &&
    missing.every((name) => optional.has(name))
  );
}

/** Compiles the messages and the route types: lint, types and tests read both. */
export async function ensureGenerated() {
  if (prepared) return;
  const { code, output } = await run({
    command: 'npm',
    args: ['run', '--silent', 'prepare'],
    env: ownEnvironment()
  });
  if (code !== 0) {
    process.stderr.write(output);
    giveUp('The messages could not be compiled: the reason stands above.');
  }
  prepared = true;
}

/** npm writes down what it installed; compare it with what is asked for. Packages for other platforms may miss.
 * @param {{ packages: string, lock: string }} folder */
function holdsWhatTheLockSays({ packages, lock }) {
  const written = readIfThere(join(packages, '.package-lock.json'));
  if (written === undefined) return false;
  const installed = JSON.parse(written).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, asked]) =>
      path === '' || asked.optional || asked.devOptional || installed[path]?.version === asked.version
  );
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
