import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGenerated } from './install.mjs';
import { inProject, ownEnvironment, ownNode } from './project.mjs';
import { run, say } from './run.mjs';

const stampFile = inProject('build', '.till-stamp');
const builtFrom = [
  'src',
  'static',
  'package-lock.json',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts'
];

/**
 * Builds the application where its sources changed since the last build.
 *
 * @returns {Promise<{ ok: true, seconds: number, built: boolean } | { ok: false, seconds: number, output: string }>}
 */
export async function ensureBuilt() {
  const stamp = sourcesHash();
  if (existsSync(inProject('build', 'handler.js')) && existsSync(stampFile)) {
    if (readFileSync(stampFile, 'utf8') === stamp) return { ok: true, seconds: 0, built: false };
  }
  // An interrupted build must not look finished.
  rmSync(stampFile, { force: true });
  await ensureGenerated();
  say('Building (about half a minute) …');
  const { code, output, seconds } = await run({
    command: ownNode(),
    args: [inProject('node_modules', 'vite', 'bin', 'vite.js'), 'build'],
    env: ownEnvironment({ NODE_ENV: 'production' }),
    waitingFor: 'building'
  });
  if (code !== 0) return { ok: false, seconds, output };
  writeFileSync(stampFile, stamp);
  say(`Built in ${seconds.toFixed(0)} s.`);
  return { ok: true, seconds, built: true };
}

/** By content, not by time: a checkout gives every file a new time. */
function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of builtFrom) {
    for (const file of filesUnder(name)) {
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(inProject(file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** @param {string} name @returns {string[]} paths from the root, sorted */
function filesUnder(name) {
  if (!existsSync(inProject(name))) return [];
  let entries;
  try {
    entries = readdirSync(inProject(name), { withFileTypes: true });
  } catch {
    return [name];
  }
  return entries
    .filter((entry) => !isWrittenByTools(join(name, entry.name)))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(name, entry.name)) : [join(name, entry.name)]))
    .sort();
}

/** @param {string} path */
function isWrittenByTools(path) {
  const unixPath = path.replaceAll('\\', '/');
  return (
    unixPath === 'src/lib/i18n/generated' ||
    (unixPath.startsWith('src/lib/i18n/project.inlang/') && !unixPath.endsWith('/settings.json')) ||
    /\.(test|fixture)\.ts$/.test(unixPath)
  );
}
