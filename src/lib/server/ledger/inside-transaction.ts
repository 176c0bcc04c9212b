/**
 * Marks what runs inside a transaction. There is one connection, and a transaction keeps it until it ends: a query that
 * asks for it again from inside would wait for itself, and everything else for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export const insideTransaction = new AsyncLocalStorage<true>();

/** @throws where the caller is inside a transaction: a bug, said at once instead of by a server that stands still */
export function refuseInsideTransaction(): void {
  if (insideTransaction.getStore() === true) {
    throw new Error('a transaction must ask on its own connection, the one that its work is given');
  }
}
