/**
 * Loaded into the built server by `--import`, before anything of its own. It does to the process what a power cut or a
 * hypervisor does, at a named moment of a payment; and it leads the calls to the training gateway to the fake one, so that
 * the real build runs at a test's pace against a book that shares no code with it. What to do stands in a file, and is read
 * anew each time.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Orders } from './orders.ts';

const path = process.env['TILL_KILL_ORDERS'] ?? '';
const counts = new Map<string, number>();

function orders(): Orders {
  return JSON.parse(readFileSync(path, 'utf8')) as Orders;
}

subscribe('till.crash-point', (message) => {
  const { name } = message as { readonly name: string };
  const { at } = orders();
  if (at === null || at.point !== name) return;
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if (count === (at.count ?? 1)) process.kill(process.pid, at.signal);
});

const honest = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const { gatewayUrl } = orders();
  if (gatewayUrl === null) return honest(input, init);
  const asked = new URL(input instanceof Request ? input.url : input);
  const there = new URL(asked.pathname + asked.search, gatewayUrl);
  const request = new Request(there, input instanceof Request ? input : init);
  // For a line that leads on to where it was meant to go.
  request.headers.set('till-asked', asked.origin);
  return honest(request);
};

// On PostgreSQL the server keeps its own files beside where it runs: here in the test's folder, not in the project's.
const { folder } = orders();
if (folder !== null) {
  process.chdir(folder);
  process.chdir = () => undefined;
}
