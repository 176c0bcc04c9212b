/** The catalogue as the admin's pages keep it. */
import { checkBarcode } from '$lib/catalogue/barcode-check';
import { recognisePaymentCode } from '$lib/scanning/payment-code';
import {
  groupsSchema,
  productDetailSchema,
  productListSchema,
  type ChangeProduct,
  type Groups,
  type NewProduct,
  type ProductDetail,
  type ProductList,
  type ProductShow,
  type ProductSort,
  type SaveCategory,
  type SaveTaxRate
} from '$lib/wire/products';
import { importReportSchema, type ImportProducts, type ImportReport } from '$lib/wire/product-import';
import { call, shaped, type ApiResult, type SendRequest } from './api';

export interface ProductQuestion {
  readonly text: string;
  readonly show: ProductShow;
  /** Null: all. */
  readonly categoryId: string | null;
  readonly sort: ProductSort;
  readonly descending: boolean;
  readonly page: number;
}

export interface ProductsApi {
  list(question: ProductQuestion): Promise<ApiResult<ProductList>>;
  product(productId: string): Promise<ApiResult<ProductDetail>>;
  add(product: NewProduct): Promise<ApiResult<ProductDetail>>;
  /** Only what is named changes. */
  change(productId: string, change: ChangeProduct): Promise<ApiResult<ProductDetail>>;
  groups(): Promise<ApiResult<Groups>>;
  saveCategory(category: SaveCategory): Promise<ApiResult<Groups>>;
  saveTaxRate(rate: SaveTaxRate): Promise<ApiResult<Groups>>;
  removeCategory(id: string): Promise<ApiResult<Groups>>;
  removeTaxRate(id: string): Promise<ApiResult<Groups>>;
  /** All or nothing; with `dryRun` only what would happen. */
  importList(list: ImportProducts): Promise<ApiResult<ImportReport>>;
}

/** Fifty thousand products take a while on a small machine. */
const importWithinMs = 120_000;

export function createProductsApi(send: SendRequest): ProductsApi {
  const one = (id: string): string => `/api/products/${encodeURIComponent(id)}`;
  const groups = (path: string, json: unknown): Promise<ApiResult<Groups>> =>
    call(send, { method: 'post', path, json, read: shaped(groupsSchema) });
  return {
    list: ({ text, show, categoryId, sort, descending, page }) => {
      const asked = new URLSearchParams({ text, show, sort, page: String(page) });
      if (categoryId !== null) asked.set('category', categoryId);
      if (descending) asked.set('descending', '1');
      return call(send, {
        method: 'get',
        path: `/api/products?${asked.toString()}`,
        read: shaped(productListSchema)
      });
    },
    product: (id) => call(send, { method: 'get', path: one(id), read: shaped(productDetailSchema) }),
    add: (product) =>
      call(send, { method: 'post', path: '/api/products', json: product, read: shaped(productDetailSchema) }),
    change: (id, change) =>
      call(send, { method: 'post', path: one(id), json: change, read: shaped(productDetailSchema) }),
    groups: () => call(send, { method: 'get', path: '/api/categories', read: shaped(groupsSchema) }),
    saveCategory: (category) => groups('/api/categories', category),
    saveTaxRate: (rate) => groups('/api/tax-rates', rate),
    removeCategory: (id) => groups(`/api/categories/${encodeURIComponent(id)}/remove`, {}),
    removeTaxRate: (id) => groups(`/api/tax-rates/${encodeURIComponent(id)}/remove`, {}),
    importList: (list) =>
      call(send, {
        method: 'post',
        path: '/api/products/import',
        json: list,
        read: shaped(importReportSchema),
        timeoutMs: importWithinMs
      })
  };
}

/** True for a shopper's payment code: it may be in no search, no address and no catalogue (money rule 10). */
export function isShoppersSecret(text: string): boolean {
  return recognisePaymentCode(text.replace(/\s/g, '')).looksLike;
}

/** Why a typed barcode can't be kept; null where it can. */
export type BarcodeProblem =
  | { readonly reason: 'secret' | 'empty' | 'too_long' | 'characters' | 'shortened' }
  | { readonly reason: 'check_digit'; readonly lastDigit: string };

export function problemOfBarcode(text: string): BarcodeProblem | null {
  if (isShoppersSecret(text)) return { reason: 'secret' };
  const checked = checkBarcode(text);
  if (checked.ok) return null;
  if (checked.reason !== 'check_digit') return { reason: checked.reason };
  return { reason: 'check_digit', lastDigit: checked.expected?.slice(-1) ?? '' };
}
