/** The admin's connection check: one question at a time, whoever presses. */
import type { ConnectionCheckView } from '$lib/wire/settings';
import { checkConnection } from '../gateway/check-connection';
import type { Gateway } from '../gateway/port';

/**
 * @param options.now wall clock, milliseconds since 1970: the one that requests to the gateway are stamped with
 * @returns what asks; who asks while it is asked gets the same answer
 */
export function createConnectionDesk({
  gateway,
  address,
  training,
  now
}: {
  readonly gateway: Pick<Gateway, 'queryPayment'>;
  readonly address: string;
  readonly training: boolean;
  readonly now: () => number;
}): () => Promise<ConnectionCheckView> {
  let running: Promise<ConnectionCheckView> | null = null;
  async function ask(): Promise<ConnectionCheckView> {
    const found = await checkConnection({ gateway, now });
    return { ...found, address, training, at: new Date(now()).toISOString() };
  }
  return () => {
    running ??= ask().finally(() => (running = null));
    return running;
  };
}
