/**
 * A newer build of Till, as a browser sees one: the same server behind an address of its own, whose service worker has
 * another version from a moment on.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RenewedBuild {
  /** Where the browser goes. */
  readonly baseURL: string;
  /** From now on the newer build is served. */
  renew(): void;
  close(): Promise<void>;
}

/** @param upstream the server's own address */
export async function renewedBuild(upstream: string): Promise<RenewedBuild> {
  const { hostname, port, origin, host } = new URL(upstream);
  let renewed = false;

  function answer(from: IncomingMessage, to: ServerResponse): void {
    const isWorker = from.url === '/service-worker.js';
    const headers = {
      ...from.headers,
      host,
      // the page's own address stands for the server's
      ...(from.headers.origin === undefined ? {} : { origin }),
      ...(isWorker ? { 'accept-encoding': 'identity', 'if-none-match': '' } : {})
    };
    const upward = ask({ hostname, port, method: from.method, path: from.url, headers }, (answered) => {
      if (!isWorker || !renewed) {
        to.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(to);
        return;
      }
      const parts: Buffer[] = [];
      answered.on('data', (part: Buffer) => parts.push(part));
      answered.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const newer = text.replace('till-shell-', 'till-shell-newer-');
        to.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' });
        to.end(newer);
      });
    });
    upward.on('error', () => to.destroy());
    to.on('close', () => upward.destroy());
    from.pipe(upward);
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    baseURL: `http://localhost:${address.port}`,
    renew() {
      renewed = true;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
