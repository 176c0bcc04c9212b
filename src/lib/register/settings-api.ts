/** The shop's settings and the connection check as the admin's page speaks to them. */
import {
  connectionCheckSchema,
  shopSettingsSchema,
  type ConnectionCheckView,
  type SaveShopRequest,
  type ShopSettings
} from '$lib/wire/settings';
import { call, shaped, type ApiResult, type SendRequest } from './api';

export interface SettingsApi {
  read(): Promise<ApiResult<ShopSettings>>;
  /** What is left out stays as it is. */
  save(change: SaveShopRequest): Promise<ApiResult<ShopSettings>>;
  /** One signed question to the gateway; moves no money. */
  checkConnection(): Promise<ApiResult<ConnectionCheckView>>;
}

/** The gateway may take as long as `CODEPAY_TIMEOUT_MS` says. */
const checkWithinMs = 60_000;

export function createSettingsApi(send: SendRequest): SettingsApi {
  const read = shaped(shopSettingsSchema);
  return {
    read: () => call(send, { method: 'get', path: '/api/shop', read }),
    save: (change) => call(send, { method: 'post', path: '/api/shop', json: change, read }),
    checkConnection: () =>
      call(send, {
        method: 'post',
        path: '/api/connection-check',
        json: {},
        read: shaped(connectionCheckSchema),
        timeoutMs: checkWithinMs
      })
  };
}
