/** The entry around the built application as a process of its own, with an application made up for the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

const serveModule = pathToFileURL(join(import.meta.dirname, '../../scripts/lib/serve.mjs')).href;
let folder: string;
const children: ChildProcess[] = [];

/** A running entry. */
export interface Entry {
  readonly child: ChildProcess;
  /** Its exit code and all that it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Waits until it has printed this. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its address in the browser. */
  address(): Promise<string>;
}

/** Gives every test of the file a folder of its own, and ends what a test left running. */
export function useEntries(): { readonly folder: () => string } {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'till-serve-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder: () => folder };
}

/** @param options.app the body of the module that SvelteKit's handler would be */
export function start({ app, env = {} }: { app: string; env?: Record<string, string> }): Entry {
  writeFileSync(join(folder, 'app.mjs'), app);
  writeFileSync(
    join(folder, 'entry.mjs'),
    `import { serve } from ${JSON.stringify(serveModule)};
     await serve({ environment: process.env, loadHandler: () => import('./app.mjs') });`
  );
  const child = spawn(process.execPath, [join(folder, 'entry.mjs')], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  children.push(child);
  let output = '';
  const seen = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const look of seen) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  function says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      seen.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${pattern.source}: ${output}`)));
    });
  }
  return {
    child,
    ended,
    says,
    address: () => says(/listens at (https?:\/\/\S+)/).then((match) => match[1] ?? '')
  };
}

export const answering = `export const handler = (request, response) => response.end('hello');`;

/** An application's module, with what the entry asks of it. */
export function appThat({
  ready = 'Promise.resolve({})',
  shutdown = 'async () => {}',
  handler = answering
} = {}): string {
  return `globalThis[Symbol.for('till.app')] = { ready: ${ready}, shutdown: ${shutdown} };\n${handler}`;
}
