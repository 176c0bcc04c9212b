/** A live shop must never sign with the training keys: they lie beside the database for everybody on the machine. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewaySettings } from './codepay';
import { StartRefused } from './start-refused';

/** Refuses live settings that hold a key of the training gateway. */
export function refuseSandboxKeys({
  gateway,
  folder
}: {
  readonly gateway: GatewaySettings;
  readonly folder: string;
}): void {
  const ours: readonly (readonly [variable: string, key: KeyObject])[] = [
    ['CODEPAY_APP_PRIVATE_KEY', createPublicKey(gateway.privateKey)],
    ['CODEPAY_GATEWAY_PUBLIC_KEY', gateway.publicKey]
  ];
  for (const file of ['app-public.pem', 'gateway-public.pem']) {
    const training = publicKeyIn(join(folder, file));
    const found = ours.find(([, key]) => training?.equals(key) === true);
    if (found !== undefined) {
      throw new StartRefused(
        `${found[0]} is a key of the training gateway (${join(folder, file)}); use the keys of your CodePay account.`
      );
    }
  }
}

function publicKeyIn(path: string): KeyObject | null {
  try {
    return createPublicKey(readFileSync(path));
  } catch {
    // No training was ever done here, or its keys are damaged: then they are nobody's.
    return null;
  }
}
