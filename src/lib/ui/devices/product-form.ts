/** How a product's code is drawn, so that a scanner reads from paper what it reads from the product. */
import type { CodeForm } from '../draw-codes';

export interface ProductForm {
  readonly text: string;
  readonly form: CodeForm;
}

/** @param barcode  a GTIN-14, or the raw text of a code that is none */
export function productForm(barcode: string): ProductForm {
  const ean8 = /^0{6}(\d{8})$/.exec(barcode)?.[1];
  if (ean8 !== undefined) return { text: ean8, form: 'ean8' };
  const upca = /^00(\d{12})$/.exec(barcode)?.[1];
  if (upca !== undefined) return { text: upca, form: 'upca' };
  const ean13 = /^0(\d{13})$/.exec(barcode)?.[1];
  if (ean13 !== undefined) return { text: ean13, form: 'ean13' };
  return { text: barcode, form: 'bars' };
}
