/**
 * A proxy between a browser and Till that plays a kept connection which dies at the wrong moment: Till has read a whole
 * POST and answered it, the browser has seen nothing. Chromium then sends the POST again by itself, on a new connection.
 */
import { connect, createServer, type Socket } from 'node:net';

export interface ResendingProxy {
  readonly port: number;
  /** Kills the connection of the next POST to this path that comes on a connection used before. */
  killNext(path: string): void;
  /** POSTs to the path so far, and connections killed. */
  readonly posts: () => number;
  readonly kills: () => number;
  close(): Promise<void>;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

/** @param target where Till listens, or will */
export async function startResendingProxy(target: number): Promise<ResendingProxy> {
  let path: string | null = null;
  let posts = 0;
  let kills = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let requests = 0;
    let dying = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      const head = bytes.toString('latin1');
      if (/^(GET|POST) \/\S* HTTP\/1\.1\r\n/.test(head)) requests += 1;
      if (path !== null && head.startsWith(`POST ${path} HTTP/1.1\r\n`)) {
        posts += 1;
        dying = kills === 0 && requests > 1;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!dying) return void client.write(bytes);
      // Till answers only when it has read and written down everything.
      kills += 1;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    port: address.port,
    killNext: (killed) => void (path = killed),
    posts: () => posts,
    kills: () => kills,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
