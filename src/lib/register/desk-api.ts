/** The manager's desk as its page speaks to it. */
import {
  deskSchema,
  reconciliationSchema,
  reconciliationsSchema,
  type Desk,
  type Reconciliation,
  type ResolutionName
} from '$lib/wire/desk';
import { attemptViewSchema, type AttemptView } from '$lib/wire/payments';
import { call, shaped, type ApiResult, type SendRequest } from './api';

export interface DeskApi {
  read(): Promise<ApiResult<Desk>>;
  /** Attaches late money to its order, after the wallet has said again that it is there. */
  attach(attemptId: string): Promise<ApiResult<AttemptView>>;
  /** A manager's written word about an open payment. */
  resolve(
    attemptId: string,
    word: { readonly resolution: ResolutionName; readonly why: string }
  ): Promise<ApiResult<AttemptView>>;
  finish(taskId: number, word: { readonly why: string }): Promise<ApiResult<null>>;
  /** "Ask now" of a payment. */
  askPayment(attemptId: string): Promise<ApiResult<null>>;
  reconciliations(): Promise<ApiResult<readonly Reconciliation[]>>;
  /** Checks a business day; the running one where `day` is left out. */
  reconcile(options?: { readonly day?: string }): Promise<ApiResult<Reconciliation>>;
}

/** The server has the wallet asked first, and waits for what it says. */
const confirmedWithinMs = 25_000;

export function createDeskApi(send: SendRequest): DeskApi {
  const attempt = (id: string, act: string): string => `/api/desk/attempts/${encodeURIComponent(id)}/${act}`;
  return {
    read: () => call(send, { method: 'get', path: '/api/desk', read: shaped(deskSchema) }),
    attach: (attemptId) =>
      call(send, {
        method: 'post',
        path: attempt(attemptId, 'attach'),
        json: {},
        read: shaped(attemptViewSchema),
        timeoutMs: confirmedWithinMs
      }),
    resolve: (attemptId, word) =>
      call(send, {
        method: 'post',
        path: attempt(attemptId, 'resolve'),
        json: word,
        read: shaped(attemptViewSchema)
      }),
    finish: (taskId, word) =>
      call(send, { method: 'post', path: `/api/desk/tasks/${taskId}/done`, json: word, read: () => null }),
    askPayment: (attemptId) =>
      call(send, {
        method: 'post',
        path: `/api/payments/${encodeURIComponent(attemptId)}/ask`,
        json: {},
        read: () => null
      }),
    reconciliations: () =>
      call(send, {
        method: 'get',
        path: '/api/reconciliations',
        read: (json) => shaped(reconciliationsSchema)(json)?.reconciliations
      }),
    reconcile: ({ day } = {}) =>
      call(send, {
        method: 'post',
        path: '/api/reconciliations',
        json: day === undefined ? {} : { day },
        read: shaped(reconciliationSchema)
      })
  };
}
