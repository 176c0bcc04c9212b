/** The door for the gateway's notifications, which anybody in the world may knock at. */
import type { Logger } from 'pino';
import { createTryLimit } from '../identity/tries';
import type { WebhookResult } from './webhook';

/** As {@link WebhookResult}; `waitMs` above 0: refused too often from there. */
export type DoorResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: Exclude<WebhookResult, { ok: true }>['reason'];
      readonly waitMs: number;
    };

export interface NotificationDoor {
  /** @param options.address where it comes from */
  receive(options: {
    readonly rawBody: string;
    readonly contentType: string | null;
    readonly address: string;
  }): Promise<DoorResult>;
}

const refusedMost = 30;
const windowMs = 60_000;

/**
 * Refused ones are counted by address: beyond {@link refusedMost} a minute they are told to wait, and the log is spared.
 *
 * A good one always comes in: behind a proxy it shares its address with the bad ones, and whoever sends those must not be
 * able to keep out what the gateway says. To check a signature is cheap, and the body is bound before.
 *
 * @param nowMs milliseconds from any beginning, never set back
 */
export function createNotificationDoor({
  receive,
  log,
  nowMs
}: {
  readonly receive: (options: { rawBody: string; contentType: string | null }) => Promise<WebhookResult>;
  readonly log: Pick<Logger, 'warn'>;
  readonly nowMs: () => number;
}): NotificationDoor {
  const refused = createTryLimit({ most: refusedMost, windowMs, nowMs });
  return {
    async receive({ rawBody, contentType, address }) {
      const result = await receive({ rawBody, contentType });
      if (result.ok) return result;
      const { reason } = result;
      const waitMs = refused.take(address);
      if (waitMs === 0) log.warn({ reason, characters: rawBody.length, address }, 'a webhook was refused');
      return { ok: false, reason, waitMs };
    }
  };
}
