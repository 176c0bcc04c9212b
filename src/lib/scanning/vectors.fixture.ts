/** The scan vectors: for tests only. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const shape = v.object({
  paymentCodes: v.array(v.object({ text: v.string(), wallet: v.string() })),
  notPaymentCodes: v.array(v.object({ text: v.string(), aim: v.optional(v.string()), is: v.string() })),
  gtin: v.object({ valid: v.array(v.string()), invalid: v.array(v.string()) })
});

export const vectors = v.parse(
  shape,
  JSON.parse(readFileSync(new URL('../../../tests/vectors/scans.json', import.meta.url), 'utf8'))
);
