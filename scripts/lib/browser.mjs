import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { inProject, ownEnvironment, ownNode } from './project.mjs';
import { run, say } from './run.mjs';

/** The first, where it is there, is the same browser without the parts that draw a window: a quarter less work. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge'
];
const macApps = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
];
const windowsApps = ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'];

/**
 * The Chromium that the end-to-end tests drive: `TILL_CHROMIUM`, else Playwright's own, else the system's.
 *
 * @returns {{ from: 'variable' | 'playwright' | 'system', path: string } | undefined}
 */
export function findChromium() {
  const asked = process.env.TILL_CHROMIUM;
  if (asked) return { from: 'variable', path: asked };
  const playwrights = playwrightsOwn();
  if (playwrights !== undefined) return { from: 'playwright', path: playwrights };
  const system = [...onPath(), ...macApps, ...windowsApps].find((path) => existsSync(path));
  return system === undefined ? undefined : { from: 'system', path: system };
}

/**
 * Finds a Chromium or gets one: by apt on Debian for root, else by Playwright's download. On Debian that is the lighter one,
 * also where the whole one is there already.
 *
 * @returns {Promise<{ ok: true, path: string } | { ok: false, sentence: string }>}
 */
export async function ensureChromium() {
  let found = findChromium();
  const isLight = found !== undefined && (found.from !== 'system' || found.path.endsWith(names[0]));
  if (!isLight && isRoot() && existsSync('/etc/debian_version')) {
    say('Installing a Chromium for the tests with apt-get …');
    await run({ command: 'apt-get', args: ['update', '-q'], waitingFor: 'apt-get update' });
    for (const name of names.slice(0, 2)) {
      if (name !== names[0] && found !== undefined) break;
      await run({
        command: 'apt-get',
        args: ['install', '-y', '-q', '--no-install-recommends', name],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        waitingFor: `installing ${name}`
      });
      found = findChromium();
    }
  }
  if (found === undefined) {
    say('No Chromium found. Downloading the one of Playwright …');
    await run({
      command: ownNode(),
      args: [inProject('node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'],
      env: ownEnvironment(),
      waitingFor: 'downloading Chromium'
    });
    found = findChromium();
  }
  if (found !== undefined) return { ok: true, path: found.path };
  return {
    ok: false,
    sentence:
      'No browser to test with: install Chromium or Google Chrome, or set TILL_CHROMIUM to the path of one, then run this again.'
  };
}

/** Chromium refuses its sandbox to root. */
export function isRoot() {
  return typeof process.getuid === 'function' && process.getuid() === 0;
}

function playwrightsOwn() {
  try {
    const require = createRequire(inProject('node_modules', '@playwright', 'test', 'package.json'));
    const path = require('playwright-core').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    // Not installed yet, or no build of it for this platform.
    return undefined;
  }
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).filter(isProgram);
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
