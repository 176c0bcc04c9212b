import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** @param {string[]} parts */
export function inProject(...parts) {
  return join(root, ...parts);
}

const ownBin = inProject('node_modules', '.bin');

/** Node 24 as installed with the project: the server needs `node:sqlite`, which the host's Node may lack. */
export function ownNode() {
  const candidate =
    process.platform === 'win32'
      ? inProject('node_modules', 'node', 'bin', 'node.exe')
      : join(ownBin, 'node');
  return existsSync(candidate) ? candidate : process.execPath;
}

/** The environment for our tools: their binaries first, Node 24 among them. */
export function ownEnvironment(extra = {}) {
  return { ...process.env, PATH: [ownBin, withoutOwnBin()].join(delimiter), ...extra };
}

/** PATH without the project's binaries: npm must not run on a Node that it is about to replace. */
export function withoutOwnBin() {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes(join('node_modules', '.bin')))
    .join(delimiter);
}
