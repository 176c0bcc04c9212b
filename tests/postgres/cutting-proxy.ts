/** A proxy on the loopback that lets everything through until it is told to cut: after the server's side heard COMMIT. */
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Cuts the connection of the next COMMIT, after the server has carried it out and before its answer is passed on. */
  cutAfterNextCommit(): void;
  cuts(): number;
  close(): Promise<void>;
}

export async function startCuttingProxy(options: { to: number }): Promise<CuttingProxy> {
  let armed = false;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(options.to, '127.0.0.1');
    let committing = false;
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
      // The simple query message of a transaction's end, as the driver sends it.
      if (armed && bytes.includes('commit\0')) {
        armed = false;
        committing = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!committing) return void client.write(bytes);
      // The server answers a COMMIT only once it is on the disk.
      cuts += 1;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    port: address.port,
    cutAfterNextCommit: () => void (armed = true),
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
