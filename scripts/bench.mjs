/**
 * `npm run bench [name …]`: runs the benches of tests/bench one after the other, so that none measures another.
 * A bench is a file `name.bench.mjs` or `name.bench.ts` that prints its own table. What one imports from `peers.ts` tells
 * that it measures Till beside other libraries: those have a package of their own, and are installed for it alone.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled, ensurePeersInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode } from './lib/project.mjs';
import { giveUp, run, say } from './lib/run.mjs';

const folder = inProject('tests', 'bench');
const asked = process.argv.slice(2);
const benches = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => /\.bench\.(mjs|ts)$/.test(name))
  .filter((name) => asked.length === 0 || asked.some((part) => name.includes(part)))
  .sort();
if (benches.length === 0)
  giveUp(`No bench in tests/bench matches ${asked.join(', ') || '*.bench.mjs or *.bench.ts'}.`);

await ensureInstalled();
if (benches.some((name) => readFileSync(join(folder, name), 'utf8').includes("from './peers.ts'")))
  await ensurePeersInstalled();
const build = await ensureBuilt();
if (!build.ok) {
  process.stderr.write(build.output);
  giveUp('The application could not be built: the reason stands above.');
}

const processors = cpus();
say(
  `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`
);
let failed = 0;
for (const name of benches) {
  say(`\n── ${name}`);
  const { code, seconds } = await run({
    command: ownNode(),
    args: [inProject('tests', 'bench', name)],
    env: ownEnvironment(),
    show: true
  });
  say(
    code === 0
      ? `took ${seconds.toFixed(1)} s`
      : `failed with exit code ${code} after ${seconds.toFixed(1)} s`
  );
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
