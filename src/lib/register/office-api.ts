/**
 * Till's server as the manager's and admin's pages speak to it. As on the register: every answer is checked, what a
 * person can meet is a result, and nothing is ever sent twice from here.
 */
import ky from 'ky';
import { recognisePaymentCode } from '$lib/scanning/payment-code';
import {
  findOrdersSchema,
  orderDetailSchema,
  todaySchema,
  type OrderDetail,
  type OrderRow,
  type Today
} from '$lib/wire/orders';
import { contractVersion, contractVersionHeader } from '$lib/wire/basics';
import type { ReturnTender } from '$lib/wire/cash';
import {
  proofNeededSchema,
  refundViewSchema,
  type PayRefundInCash,
  type ProofNeeded,
  type RefundView,
  type RequestRefund
} from '$lib/wire/refunds';
import { sessionSchema, type Session } from '$lib/wire/shop';
import { weekSchema, type Week } from '$lib/wire/week';
import { call, shaped, type ApiFailure, type ApiResult, type SendRequest } from './api';

import { createDeskApi, type DeskApi } from './desk-api';
import { createProductsApi, type ProductsApi } from './products-api';
import { createRegistersApi, type RegistersApi } from './registers-api';
import { createPeopleApi, type PeopleApi } from './people-api';
import { createSettingsApi, type SettingsApi } from './settings-api';

export type { ApiFailure, ApiResult } from './api';

/** What was typed or scanned is a shopper's secret: it was not sent, and must not stay on the screen. */
export interface SecretRefused {
  readonly ok: false;
  readonly secret: true;
}

export type FindResult = ApiResult<readonly OrderRow[]> | SecretRefused;

export interface OfficeApi {
  /** The manager's desk and the days' checks. */
  readonly desk: DeskApi;
  /** The catalogue, for admins. */
  readonly products: ProductsApi;
  /** The shop's registers, and what they, the ledger and the wallet say of a day. */
  readonly registers: RegistersApi;
  readonly people: PeopleApi;
  /** The shop's settings, for admins. */
  readonly settings: SettingsApi;
  session(): Promise<ApiResult<Session>>;
  signOut(): Promise<ApiResult<null>>;
  /** A business day; the running one where `day` is left out. */
  today(options?: { readonly day?: string }): Promise<ApiResult<Today>>;
  /** The seven days that end with the running one. */
  week(): Promise<ApiResult<Week>>;
  order(orderId: string): Promise<ApiResult<OrderDetail>>;
  /** By any number that a shopper can show. A payment code is refused here: it may stand in no address (money rule 10). */
  find(number: string): Promise<FindResult>;
  /** What a refund of this amount of this payment has to be confirmed by, now. */
  proofFor(wanted: Pick<RequestRefund, 'attemptId' | 'amountMinor'>): Promise<ApiResult<ProofNeeded>>;
  /** Sent once. Password and PIN go in the body only and are in no result. */
  requestRefund(request: RequestRefund): Promise<ApiResult<RefundView>>;
  /** Pays a refund that failed out of the drawer. Password and PIN go in the body only. */
  payRefundInCash(refundId: string, request: PayRefundInCash): Promise<ApiResult<RefundView>>;
  /** Gives back what was paid in cash or on another machine. The password goes in the body only. */
  returnTender(request: ReturnTender): Promise<ApiResult<null>>;
  /** With `after`, waits on the server until the version is above it, or `waitMs` are over. */
  refund(
    refundId: string,
    options?: { readonly after?: number; readonly waitMs?: number; readonly signal?: AbortSignal }
  ): Promise<ApiResult<RefundView>>;
  /** "Ask now" and "Try again now". */
  askRefund(refundId: string): Promise<ApiResult<RefundView>>;
}

const answerWithinMs = 15_000;

/** No retries, whatever fails: whoever is in doubt asks. */
function sendByKy(where: {
  readonly baseUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
}): SendRequest {
  const http = ky.create({
    retry: 0,
    throwHttpErrors: false,
    timeout: answerWithinMs,
    headers: { [contractVersionHeader]: String(contractVersion) },
    ...where
  });
  return ({ path, timeoutMs, ...request }) =>
    http(path, { ...request, ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) });
}

/** @param where a server and a `fetch` of a test's own; by default the page's */
export function createOfficeApi(
  where: { readonly baseUrl?: string; readonly fetch?: typeof globalThis.fetch } = {}
): OfficeApi {
  const send = sendByKy(where);
  return {
    desk: createDeskApi(send),
    products: createProductsApi(send),
    registers: createRegistersApi(send),
    people: createPeopleApi(send),
    settings: createSettingsApi(send),
    session: () => call(send, { method: 'get', path: '/api/session', read: shaped(sessionSchema) }),
    signOut: () => call(send, { method: 'post', path: '/api/auth/sign-out', json: {}, read: () => null }),
    today: ({ day } = {}) =>
      call(send, {
        method: 'get',
        path: day === undefined ? '/api/today' : `/api/today?day=${encodeURIComponent(day)}`,
        read: shaped(todaySchema)
      }),
    week: () => call(send, { method: 'get', path: '/api/today?span=week', read: shaped(weekSchema) }),
    order: (orderId) =>
      call(send, {
        method: 'get',
        path: `/api/orders/${encodeURIComponent(orderId)}`,
        read: shaped(orderDetailSchema)
      }),
    async find(number) {
      const text = number.trim();
      if (recognisePaymentCode(text.replace(/\s/g, '')).looksLike) return { ok: false, secret: true };
      const found = await call(send, {
        method: 'get',
        path: `/api/orders?number=${encodeURIComponent(text)}`,
        read: shaped(findOrdersSchema)
      });
      return found.ok ? { ok: true, value: found.value.orders } : found;
    },
    proofFor: ({ attemptId, amountMinor }) =>
      call(send, {
        method: 'get',
        path: `/api/refunds/proof?attemptId=${encodeURIComponent(attemptId)}&amountMinor=${amountMinor}`,
        read: (json) => shaped(proofNeededSchema)(json)?.needs
      }),
    requestRefund: (request) =>
      call(send, { method: 'post', path: '/api/refunds', json: request, read: shaped(refundViewSchema) }),
    payRefundInCash: (refundId, request) =>
      call(send, {
        method: 'post',
        path: `/api/refunds/${encodeURIComponent(refundId)}/cash`,
        json: request,
        read: shaped(refundViewSchema)
      }),
    returnTender: (request) =>
      call(send, { method: 'post', path: '/api/cash/returns', json: request, read: () => null }),
    refund(refundId, { after, waitMs = 0, signal } = {}) {
      const query = after === undefined ? '' : `?after=${after}&waitMs=${waitMs}`;
      return call(send, {
        method: 'get',
        path: `/api/refunds/${encodeURIComponent(refundId)}${query}`,
        read: shaped(refundViewSchema),
        timeoutMs: answerWithinMs + waitMs,
        ...(signal === undefined ? {} : { signal })
      });
    },
    askRefund: (refundId) =>
      call(send, {
        method: 'post',
        path: `/api/refunds/${encodeURIComponent(refundId)}/ask`,
        json: {},
        read: shaped(refundViewSchema)
      })
  };
}

/** True where the failure is that nobody is signed in any more. */
export function isSignedOut(failure: ApiFailure): boolean {
  return failure.problem?.code === 'not_signed_in';
}
