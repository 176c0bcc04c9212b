/** Answers that say nothing about the money and all about the shop's own set-up: an admin must look. */
import type { Answer, Evidence } from '../gateway/port';

/** Our request is not accepted at all, or what came back is not the gateway's, or no shape that the contract knows. */
export type Alarm = 'clock' | 'signature' | 'merchant' | 'unsigned' | 'bad_signature' | 'odd_shape';

export interface AlarmTask {
  readonly kind: 'alarm';
  readonly text: string;
}

export function alarmOf(answer: Answer<unknown>): Alarm | null {
  const sign: string = answer.kind === 'fault' ? answer.fault : answer.codeClass;
  return alarms.find((alarm) => alarm === sign) ?? null;
}

const alarms: readonly Alarm[] = ['clock', 'signature', 'merchant', 'unsigned', 'bad_signature', 'odd_shape'];

/** The same task for an answer, ready to be spread into a change; nothing where there is no alarm. */
export function alarmTask(alarm: Alarm | null, evidence: Evidence): { task?: AlarmTask } {
  return alarm === null ? {} : { task: { kind: 'alarm', text: alarmText(alarm, evidence) } };
}

function alarmText(alarm: Alarm, evidence: Evidence): string {
  const at = evidence.gatewayDate === null ? '' : ` The gateway's clock says ${evidence.gatewayDate}.`;
  switch (alarm) {
    case 'clock':
      return `The gateway refuses our clock.${at} Put this machine's clock right`;
    case 'signature':
      return 'The gateway refuses our signature: check the keys';
    case 'merchant':
      return 'The gateway refuses this merchant: check app id and merchant number, or call CodePay';
    case 'unsigned':
    case 'bad_signature':
      return `An answer was not signed by the gateway (${alarm}): check its public key and its address`;
    case 'odd_shape':
      return "An answer of the gateway has a shape that Till doesn't know: call CodePay";
  }
}
