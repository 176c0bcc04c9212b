/** Builds the page of the side-by-side comparison and serves it on loopback. Plain Node runs this. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Readers side by side</title>
<form id="form"><label>Search <input id="search" type="search" value="milk"></label>
<label>Quantity <input id="number" type="number" value="2"></label></form>
<button id="button" type="button">Charge</button><ul id="lines"></ul>
<script src="/harness.js"></script></html>`;

export async function serveHarness(): Promise<{
  readonly url: string;
  readonly close: () => Promise<void>;
}> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { $lib: `${root}src/lib` } },
    build: {
      write: false,
      minify: true,
      lib: {
        entry: `${root}tests/bench/scan/harness.ts`,
        name: 'harness',
        formats: ['iife'],
        fileName: 'harness'
      }
    }
  });
  const outputs = Array.isArray(built) ? built : [built];
  const script = outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .map((chunk) => (chunk.type === 'chunk' ? chunk.code : ''))
    .join('');
  const server = createServer((request, response) => {
    const isScript = request.url === '/harness.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? script : html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      })
  };
}
