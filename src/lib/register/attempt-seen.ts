/** What an answer about an attempt means to the register, and what its journal notes of it. */
import type { AttemptRecord, AttemptSeen } from '$lib/journal/entries';
import type { Problem } from '$lib/wire/problems';
import { saysNo, type ApiFailure, type Attempt } from './api';
import { endState } from './payment-screen';

/**
 * The first says that an attempt of this id is there. The others, that this page may send nothing any more: its own
 * request may have arrived all the same, where the browser sent it twice.
 */
const noRefusal: readonly Problem['code'][] = ['attempt_conflict', 'tab_replaced', 'register_replaced'];

/** The server read the request and turned it down before anything was made of it. */
export function isRefusal(answer: ApiFailure): answer is ApiFailure & { readonly problem: Problem } {
  return saysNo(answer) && !noRefusal.includes(answer.problem.code);
}

/** Only the server's own words count: a proxy's 404 says nothing about a payment. */
export function isUnknownThere(answer: ApiFailure): boolean {
  return answer.problem?.code === 'not_found';
}

/** What the journal notes of an attempt that the server turned down: there is none. */
export function refusedSeen(attemptId: string, problem: Problem): AttemptSeen {
  return {
    attemptId,
    state: 'refused',
    version: 0,
    failReason: null,
    remedy: null,
    problem: problem.code,
    errorCode: null,
    errorText: null,
    psn: null,
    merchantOrderNo: null,
    wallet: null,
    paidMinor: null,
    offerByMerchantMinor: 0,
    offerByChannelMinor: 0,
    endedAt: null
  };
}

/** What the journal notes of an attempt as the server shows it. */
export function seenOf(view: Attempt): AttemptSeen {
  return {
    attemptId: view.attemptId,
    state: view.state,
    version: view.version,
    failReason: view.failReason,
    remedy: view.remedy,
    problem: null,
    errorCode: view.errorCode,
    errorText: view.errorText,
    psn: view.psn,
    merchantOrderNo: view.merchantOrderNo,
    wallet: view.wallet,
    paidMinor: view.paidMinor,
    offerByMerchantMinor: view.offerByMerchantMinor,
    offerByChannelMinor: view.offerByChannelMinor,
    endedAt: view.endedAt
  };
}

/** The last word that the journal has of an attempt, as the server would say it; null where it saw no end. */
export function endedView({
  requested,
  requestedAtMs = 0,
  seen
}: Pick<AttemptRecord, 'requested'> & Partial<AttemptRecord>): Attempt | null {
  if (seen === undefined || seen === null || seen.state === 'refused') return null;
  const { problem: _, state, ...noted } = seen;
  return {
    ...noted,
    state,
    orderId: requested.orderId,
    merchantOrderNo: seen.merchantOrderNo ?? '',
    amountMinor: requested.amountMinor,
    currency: requested.currency,
    codeLast4: requested.codeLast4,
    createdAt: new Date(requestedAtMs).toISOString(),
    ageMs: 0,
    shopperHasMs: null,
    shopperHadMs: 0,
    stopInMs: null,
    nextAskInMs: null,
    lastAskedAt: null,
    gatewayReachable: true,
    place: 'desk',
    codeSeenBefore: false
  };
}

/** True where the journal knows that money came, in time or late: nothing is asked for its order again. */
export function hasMoney({ seen }: AttemptRecord): boolean {
  return (
    seen !== null && seen.state !== 'refused' && moneyEnds.includes(endState({ ...seen, state: seen.state }))
  );
}

/** The same, or the server said that the order is paid: by what this journal may not know. It must not be sold again. */
export function isOrderPaid(attempt: AttemptRecord): boolean {
  return hasMoney(attempt) || attempt.seen?.problem === 'already_paid';
}

const moneyEnds: readonly string[] = ['paid', 'late'];
