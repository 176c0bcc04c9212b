/** Builds one page for the browser and serves it on loopback. Plain Node runs this. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param entry the page's script, from the project's folder
 * @param html the page; it asks for `/harness.js`
 */
export async function servePage({ entry, html }: { readonly entry: string; readonly html: string }): Promise<{
  readonly url: string;
  readonly close: () => Promise<void>;
}> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    resolve: { alias: { $lib: `${root}src/lib` } },
    build: {
      write: false,
      minify: true,
      lib: { entry: `${root}${entry}`, name: 'harness', formats: ['iife'], fileName: 'harness' }
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
