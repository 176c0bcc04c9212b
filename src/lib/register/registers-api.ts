/** The shop's registers as the manager's page speaks to them. */
import {
  comparisonSchema,
  enrolCodeSchema,
  registersSchema,
  type Comparison,
  type EnrolCode,
  type RegisterRow
} from '$lib/wire/registers';
import { call, shaped, type ApiResult, type SendRequest } from './api';

export interface RegistersApi {
  list(): Promise<ApiResult<readonly RegisterRow[]>>;
  /** A one-time code with which a browser becomes this register anew. */
  makeCode(registerId: string): Promise<ApiResult<EnrolCode>>;
  rename(registerId: string, name: string): Promise<ApiResult<readonly RegisterRow[]>>;
  retire(registerId: string): Promise<ApiResult<readonly RegisterRow[]>>;
  /** A business day; the running one where `day` is left out. */
  compare(options?: { readonly day?: string }): Promise<ApiResult<Comparison>>;
}

export function createRegistersApi(send: SendRequest): RegistersApi {
  const readList = (json: unknown): readonly RegisterRow[] | undefined =>
    shaped(registersSchema)(json)?.registers;
  const one = (registerId: string, act: string): string =>
    `/api/registers/${encodeURIComponent(registerId)}/${act}`;
  return {
    list: () => call(send, { method: 'get', path: '/api/registers', read: readList }),
    makeCode: (registerId) =>
      call(send, { method: 'post', path: one(registerId, 'code'), json: {}, read: shaped(enrolCodeSchema) }),
    rename: (registerId, name) =>
      call(send, { method: 'post', path: one(registerId, 'name'), json: { name }, read: readList }),
    retire: (registerId) =>
      call(send, { method: 'post', path: one(registerId, 'retire'), json: {}, read: readList }),
    compare: ({ day } = {}) =>
      call(send, {
        method: 'get',
        path: `/api/registers/compare${day === undefined ? '' : `?day=${encodeURIComponent(day)}`}`,
        read: shaped(comparisonSchema)
      })
  };
}
