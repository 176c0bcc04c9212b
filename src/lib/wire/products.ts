/** Keeping the catalogue: products, categories and tax rates as the admin's pages and the counter send them. */
import * as v from 'valibot';
import { idSchema, minorSchema } from './basics';
import { productSchema } from './shop';

/** As many as one page of the list holds. */
export const productsPerPage = 50;

const nameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));
export const priceMinorSchema = v.pipe(minorSchema, v.minValue(0), v.maxValue(1_000_000_000));
const barcodesSchema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(50));
const ageSchema = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99)));

export const productRowSchema = v.object({
  id: v.string(),
  name: v.string(),
  categoryId: v.string(),
  taxRateId: v.string(),
  priceMinor: minorSchema,
  /** As printed under the bars. */
  barcodes: v.array(v.string()),
  active: v.boolean(),
  pinned: v.boolean(),
  soldOut: v.boolean(),
  minimumAge: v.nullable(v.number()),
  /** Added at the counter; nobody has looked at it yet. */
  needsTidying: v.boolean()
});
export type ProductRow = v.InferOutput<typeof productRowSchema>;

export const categoryRowSchema = v.object({
  id: v.string(),
  name: v.string(),
  colour: v.string(),
  /** How many products are in it, those no longer sold too. */
  products: v.number()
});
export type CategoryRow = v.InferOutput<typeof categoryRowSchema>;

export const taxRateRowSchema = v.object({
  id: v.string(),
  name: v.string(),
  ratePpm: v.number(),
  products: v.number()
});
export type TaxRateRow = v.InferOutput<typeof taxRateRowSchema>;

export const productShows = ['sold', 'tidy', 'not_sold'] as const;
export type ProductShow = (typeof productShows)[number];
export const productSorts = ['position', 'name', 'price', 'category', 'updated'] as const;
export type ProductSort = (typeof productSorts)[number];

/** `GET /api/products` */
export const productListSchema = v.object({
  products: v.array(productRowSchema),
  /** All that match, on every page. */
  total: v.number(),
  page: v.number(),
  pages: v.number(),
  counts: v.object({ sold: v.number(), tidy: v.number(), not_sold: v.number() })
});
export type ProductList = v.InferOutput<typeof productListSchema>;

/** `GET /api/categories`: what products belong to. */
export const groupsSchema = v.object({
  categories: v.array(categoryRowSchema),
  taxRates: v.array(taxRateRowSchema)
});
export type Groups = v.InferOutput<typeof groupsSchema>;

/** `GET /api/products/{id}` and the answer to a change */
export const productDetailSchema = v.object({
  product: productRowSchema,
  /** Newest first. */
  prices: v.array(
    v.object({
      priceMinor: minorSchema,
      from: v.string(),
      /** Null: from before this was kept. */
      by: v.nullable(v.string()),
      why: v.nullable(v.string())
    })
  )
});
export type ProductDetail = v.InferOutput<typeof productDetailSchema>;

const productFields = {
  name: nameSchema,
  categoryId: v.string(),
  taxRateId: v.string(),
  priceMinor: priceMinorSchema,
  barcodes: barcodesSchema,
  active: v.boolean(),
  pinned: v.boolean(),
  soldOut: v.boolean(),
  minimumAge: ageSchema
};

/** `POST /api/products`. The page makes the id, so that a form sent twice makes one product. */
export const newProductSchema = v.object({ id: idSchema, ...productFields });
export type NewProduct = v.InferOutput<typeof newProductSchema>;

/** `POST /api/products/{id}`: only what changes. */
export const changeProductSchema = v.object({
  ...v.partial(v.object(productFields)).entries,
  /** Why the price changed; for the history. */
  why: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200)), '')
});
export type ChangeProduct = v.InferOutput<typeof changeProductSchema>;

/** `POST /api/catalogue/products`: "Add it now" at the counter. */
export const addNowSchema = v.object({
  id: idSchema,
  name: nameSchema,
  priceMinor: v.pipe(priceMinorSchema, v.minValue(1)),
  barcode: v.pipe(v.string(), v.minLength(1), v.maxLength(100))
});
export type AddNow = v.InferOutput<typeof addNowSchema>;

/** The product that has the code from now on, as registers keep it; `added` false: somebody had added it before. */
export const addedNowSchema = v.object({ product: productSchema, added: v.boolean() });
export type AddedNow = v.InferOutput<typeof addedNowSchema>;

/** `POST /api/categories`: a new one, or a known id with another name, colour or place. */
export const saveCategorySchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  colour: v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/))
});
export type SaveCategory = v.InferOutput<typeof saveCategorySchema>;

/** `POST /api/tax-rates` */
export const saveTaxRateSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  ratePpm: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))
});
export type SaveTaxRate = v.InferOutput<typeof saveTaxRateSchema>;
