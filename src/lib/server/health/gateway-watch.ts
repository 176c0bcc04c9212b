/** Remembers how the last calls to the gateway went: what health and the opening check say of it. */
import type { GatewayLogEntry } from '../gateway/client';

/** How a call ended: an answer that can be believed, none at all, or one that can't be believed. */
export type CallOutcome = 'answered' | 'unreachable' | 'not_believed';

export interface GatewaySeen {
  readonly outcome: CallOutcome;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The gateway's clock minus ours, to the second; null where the answer had no date. */
  readonly clockOffMs: number | null;
}

export interface GatewayWatch {
  heard(entry: GatewayLogEntry): void;
  /** The last call; null where there was none since the start. */
  readonly last: GatewaySeen | null;
}

export function createGatewayWatch({ now }: { readonly now: () => number }): GatewayWatch {
  let last: GatewaySeen | null = null;
  return {
    heard(entry) {
      const atMs = now();
      const clockOffMs =
        entry.gatewayDate === null
          ? null
          : Math.round(Date.parse(entry.gatewayDate) - (atMs - entry.durationMs / 2));
      last = { outcome: outcomeOf(entry), atMs, clockOffMs };
    },
    get last() {
      return last;
    }
  };
}

/** A refusal is an answer too: what it says of a payment is not for here. */
export function outcomeOf({ fault }: Pick<GatewayLogEntry, 'fault'>): CallOutcome {
  switch (fault) {
    case null:
      return 'answered';
    case 'not_sent':
    case 'timeout':
    case 'broken':
      return 'unreachable';
    case 'unsigned':
    case 'bad_signature':
    case 'odd_shape':
      return 'not_believed';
  }
}
