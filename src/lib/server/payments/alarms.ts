/** Answers that say nothing about the money and all about the shop's own set-up: an admin must look. */
import { isCertificateFailure } from '../gateway/failures';
import type { Answer, Evidence } from '../gateway/port';

/** Our request is not accepted at all, or what came back is not the gateway's, or no shape that the contract knows. */
export type Alarm =
  'clock' | 'signature' | 'merchant' | 'certificate' | 'unsigned' | 'bad_signature' | 'odd_shape';

export interface AlarmTask {
  readonly kind: 'alarm';
  /** However many payments meet the same trouble, it is one task. */
  readonly about: Alarm | 'clock_set_back';
  readonly text: string;
}

export function alarmOf(answer: Answer<unknown>): Alarm | null {
  if (answer.kind === 'fault' && answer.fault === 'not_sent' && isCertificateFailure(answer.evidence.message))
    return 'certificate';
  const sign: string = answer.kind === 'fault' ? answer.fault : answer.codeClass;
  return alarms.find((alarm) => alarm === sign) ?? null;
}

const alarms: readonly Alarm[] = ['clock', 'signature', 'merchant', 'unsigned', 'bad_signature', 'odd_shape'];

/** Alarms under which no wallet payment can come about here: the shop's own fault, never the shopper's. */
export const shopFaults: readonly Alarm[] = ['clock', 'signature', 'merchant'];

/**
 * The same task for an answer, ready to be spread into a change; nothing where there is no alarm.
 *
 * @param now our own wall clock: it is shown beside the gateway's
 */
export function alarmTask(alarm: Alarm | null, evidence: Evidence, now: number): { task?: AlarmTask } {
  if (alarm === null) return {};
  return { task: { kind: 'alarm', about: alarm, text: alarmText(alarm, evidence, now) } };
}

function alarmText(alarm: Alarm, evidence: Evidence, now: number): string {
  const ours = clockText(new Date(now));
  switch (alarm) {
    case 'clock':
      return evidence.gatewayDate === null
        ? `The gateway refuses our clock. Ours says ${ours}. Put this machine's clock right`
        : `The gateway refuses our clock. The gateway's says ${clockText(new Date(evidence.gatewayDate))}, ours ${ours}. Put this machine's clock right`;
    case 'signature':
      return 'The gateway refuses our signature: check the keys';
    case 'merchant':
      return 'The gateway refuses this merchant: check app id and merchant number, or call CodePay';
    case 'certificate':
      return `The gateway's address shows a certificate that is not valid for it (${evidence.message}): nothing was sent. Check CODEPAY_GATEWAY_URL, this machine's clock, and who stands between`;
    case 'unsigned':
    case 'bad_signature':
      return `An answer was not signed by the gateway (${alarm}): check its public key and its address`;
    case 'odd_shape':
      return "An answer of the gateway has a shape that Till doesn't know: call CodePay";
  }
}

/** `2026-11-23 10:42:07 UTC`: two clocks beside each other, in one zone. */
function clockText(at: Date): string {
  return Number.isNaN(at.getTime())
    ? 'nothing readable'
    : `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
