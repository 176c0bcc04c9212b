/** A product while it is typed: texts of fields, and what they come to. */
import { parseMoney } from '$lib/money/typed-money';
import type { ChangeProduct, NewProduct, ProductRow } from '$lib/wire/products';
import { withoutSign, type MoneyFormat } from '../money-format';

export interface ProductDraft {
  name: string;
  price: string;
  categoryId: string;
  taxRateId: string;
  barcodes: readonly string[];
  active: boolean;
  pinned: boolean;
  soldOut: boolean;
  /** Years, or nothing. */
  age: string;
  why: string;
}

export function draftOf(product: ProductRow, format: MoneyFormat): ProductDraft {
  return {
    name: product.name,
    price: withoutSign(product.priceMinor, format),
    categoryId: product.categoryId,
    taxRateId: product.taxRateId,
    barcodes: product.barcodes,
    active: product.active,
    pinned: product.pinned,
    soldOut: product.soldOut,
    age: product.minimumAge === null ? '' : String(product.minimumAge),
    why: ''
  };
}

export type DraftField = 'name' | 'price' | 'age';

export type DraftRead =
  | { readonly ok: true; readonly product: Omit<NewProduct, 'id'> }
  | { readonly ok: false; readonly wrong: readonly DraftField[] };

export function readDraft(draft: ProductDraft, format: MoneyFormat): DraftRead {
  const price = parseMoney({ text: draft.price, ...format });
  const age = draft.age.trim();
  const ageIsGood = age === '' || /^[1-9][0-9]?$/.test(age);
  const wrong: DraftField[] = [];
  if (draft.name.trim() === '') wrong.push('name');
  if (!price.ok || price.amountMinor < 0) wrong.push('price');
  if (!ageIsGood) wrong.push('age');
  if (wrong.length > 0 || !price.ok) return { ok: false, wrong };
  const { categoryId, taxRateId, barcodes, active, pinned, soldOut } = draft;
  return {
    ok: true,
    product: {
      name: draft.name.trim(),
      priceMinor: price.amountMinor,
      categoryId,
      taxRateId,
      barcodes: [...barcodes],
      active,
      pinned,
      soldOut,
      minimumAge: age === '' ? null : Number(age)
    }
  };
}

/** Only what differs from the product as it was read: what somebody else changed meanwhile stays. */
export function changeOf(before: ProductRow, wanted: Omit<NewProduct, 'id'>, why: string): ChangeProduct {
  const sameCodes = JSON.stringify(before.barcodes) === JSON.stringify(wanted.barcodes);
  return {
    ...(wanted.name === before.name ? {} : { name: wanted.name }),
    ...(wanted.priceMinor === before.priceMinor ? {} : { priceMinor: wanted.priceMinor }),
    ...(wanted.categoryId === before.categoryId ? {} : { categoryId: wanted.categoryId }),
    ...(wanted.taxRateId === before.taxRateId ? {} : { taxRateId: wanted.taxRateId }),
    ...(sameCodes ? {} : { barcodes: wanted.barcodes }),
    ...(wanted.active === before.active ? {} : { active: wanted.active }),
    ...(wanted.pinned === before.pinned ? {} : { pinned: wanted.pinned }),
    ...(wanted.soldOut === before.soldOut ? {} : { soldOut: wanted.soldOut }),
    ...(wanted.minimumAge === before.minimumAge ? {} : { minimumAge: wanted.minimumAge }),
    why: why.trim()
  };
}
