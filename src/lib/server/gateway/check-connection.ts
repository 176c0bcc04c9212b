/**
 * Whether this shop and its gateway understand each other: one signed question about a number that nobody has used. It moves
 * no money. What the answer proves is said step by step, and what to do about the step that failed.
 */
import { randomBytes } from 'node:crypto';
import type { Answer, Gateway, PaymentFacts } from './port';

export const checkSteps = ['reach', 'their_signature', 'clock', 'our_signature', 'merchant'] as const;
export type CheckStep = (typeof checkSteps)[number];

/** `unclear`: the answer does not tell. */
export type StepResult = 'good' | 'bad' | 'unclear';

export interface ConnectionCheck {
  /** True where nothing is known to be wrong. */
  readonly ok: boolean;
  readonly steps: Readonly<Record<CheckStep, StepResult>>;
  /** One or two sentences for people: what was found, what to do. */
  readonly words: string;
  /** The gateway's clock minus ours; null where the answer had no date. To the second, and half of the call's time. */
  readonly clockOffMs: number | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly psn: string | null;
}

/** The gateway refuses a timestamp that is more than 15 minutes off; from here on it is worth a word. */
const clockWorthAWordMs = 60_000;

/**
 * Asks, once.
 *
 * @param now wall clock, milliseconds since 1970
 */
export async function checkConnection({
  gateway,
  now
}: {
  readonly gateway: Pick<Gateway, 'queryPayment'>;
  readonly now: () => number;
}): Promise<ConnectionCheck> {
  // A number in the form of ours that no attempt has: 13 random bytes in hex behind a T and a zero.
  const merchantOrderNo = `T0${randomBytes(13).toString('hex').slice(0, 25).toUpperCase()}`;
  const answer = await gateway.queryPayment({ merchantOrderNo });
  const { gatewayDate, durationMs, code, message, psn } = answer.evidence;
  const clockOffMs =
    gatewayDate === null ? null : Math.round(Date.parse(gatewayDate) - (now() - durationMs / 2));
  const { steps, words } = judge(answer, clockOffMs);
  const ok = Object.values(steps).every((step) => step !== 'bad');
  return { ok, steps, words, clockOffMs, code, message, psn };
}

type Judged = Pick<ConnectionCheck, 'steps' | 'words'>;

function judge(answer: Answer<PaymentFacts>, clockOffMs: number | null): Judged {
  const clock: StepResult =
    clockOffMs === null ? 'unclear' : Math.abs(clockOffMs) > clockWorthAWordMs ? 'bad' : 'good';
  const reached = { reach: 'good', their_signature: 'good', clock } as const;
  if (answer.kind === 'fault') return judgeFault(answer.fault, answer.evidence, clock);
  const steps = { ...reached, our_signature: 'good', merchant: 'good' } as const;
  if (answer.kind === 'answered') return withClock({ steps, words: allGood }, clockOffMs);
  switch (answer.codeClass) {
    case 'not_found':
      return withClock({ steps, words: allGood }, clockOffMs);
    case 'clock':
      return {
        steps: { ...reached, clock: 'bad', our_signature: 'unclear', merchant: 'unclear' },
        words: `The gateway refuses this machine's clock${offWords(clockOffMs)}. Switch automatic time on in the system's settings, then check again.`
      };
    case 'signature':
      return {
        steps: { ...reached, our_signature: 'bad', merchant: 'unclear' },
        words:
          "The gateway does not accept this shop's signature. Paste the app's public key that the setup shows into CodePay's page for this very app id, wait a minute, then check again."
      };
    case 'merchant':
      return {
        steps: { ...reached, our_signature: 'unclear', merchant: 'bad' },
        words:
          'The gateway does not know this app id with this merchant number, or it may not take wallet payments. Compare both with your CodePay account; ask CodePay whether QR Pay is switched on.'
      };
    default:
      return withClock(
        {
          steps: { ...reached, our_signature: 'unclear', merchant: 'unclear' },
          words: `The gateway answered with a good signature and the code ${answer.evidence.code ?? '?'}: “${answer.evidence.message ?? ''}”. It was asked about a payment that does not exist: where these words say so, all is well. Where they speak of a signature, an app or a merchant, correct that.`
        },
        clockOffMs
      );
  }
}

const allGood =
  "All is well: the gateway can be reached, it accepts this shop's signature and merchant, and its own signature is right.";

function judgeFault(
  fault: Extract<Answer<never>, { readonly kind: 'fault' }>['fault'],
  { httpStatus, message }: { readonly httpStatus: number | null; readonly message: string | null },
  clock: StepResult
): Judged {
  const unclear = { clock, our_signature: 'unclear', merchant: 'unclear' } as const;
  const notReached = { ...unclear, reach: 'bad', their_signature: 'unclear' } as const;
  switch (fault) {
    case 'not_sent':
      return {
        steps: notReached,
        words: `The gateway can't be reached (${message ?? 'no connection'}). Check CODEPAY_GATEWAY_URL letter by letter, the internet connection, and whether a firewall lets https out.`
      };
    case 'timeout':
      return {
        steps: notReached,
        words:
          'The gateway did not answer in time. Check the internet connection and CODEPAY_GATEWAY_URL, then try again; CODEPAY_TIMEOUT_MS says how long Till waits.'
      };
    case 'unsigned':
    case 'bad_signature':
      return {
        steps: { ...unclear, reach: 'good', their_signature: 'bad' },
        words:
          fault === 'unsigned'
            ? 'Something answered without a signature, so it is not believed. Check that CODEPAY_GATEWAY_URL is the gateway and no other site; some gateways also answer so where they do not know the app id.'
            : "The answer's signature does not fit the gateway's public key. Copy the gateway's public key from CodePay's page anew; test and live gateways have different ones."
      };
    case 'odd_shape':
      return {
        steps: { ...unclear, reach: 'good', their_signature: 'good', our_signature: 'good' },
        words:
          'The gateway accepts this shop’s signature, and its own is right; it says nothing about the payment that was asked for, which does not exist.'
      };
    case 'broken':
      return {
        steps: notReached,
        words: `What answers there is not the gateway (${httpStatus === null ? (message ?? 'no whole answer') : `HTTP ${httpStatus}`}). Check CODEPAY_GATEWAY_URL: it must be the address that CodePay gave you, such as https://gw.codepay.us.`
      };
  }
}

function withClock(judged: Judged, clockOffMs: number | null): Judged {
  if (judged.steps.clock !== 'bad') return judged;
  return {
    ...judged,
    words: `${judged.words} But this machine's clock is off${offWords(clockOffMs)}: from 15 minutes on the gateway refuses everything. Switch automatic time on.`
  };
}

function offWords(clockOffMs: number | null): string {
  if (clockOffMs === null) return '';
  const seconds = Math.round(Math.abs(clockOffMs) / 1000);
  const size = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return clockOffMs > 0 ? `, which is ${size} behind` : `, which is ${size} ahead`;
}
