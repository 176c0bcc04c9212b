/** A list of products as a text of rows and columns: checked as a whole, imported as a whole. */
import * as v from 'valibot';
import { importFields } from '$lib/catalogue/import-columns';

/** Characters; a list of fifty thousand products has about five million. */
export const longestImport = 7_000_000;
export const separators = [',', ';', '\t', '|'] as const;
export type Separator = (typeof separators)[number];

const columnSchema = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200)));

/** `POST /api/products/import` */
export const importProductsSchema = v.object({
  /** The whole file; its first row has the headings. */
  text: v.pipe(v.string(), v.maxLength(longestImport)),
  separator: v.picklist(separators),
  decimal: v.picklist(['.', ',']),
  /** By field the column's place, from 0; what has none stays as it is. */
  columns: v.object(v.entriesFromList(importFields, columnSchema)),
  /** True: only says what would happen. */
  dryRun: v.boolean()
});
export type ImportProducts = v.InferOutput<typeof importProductsSchema>;

/** How many bad rows are told one by one. */
export const badRowsTold = 100;

export const importReportSchema = v.object({
  /** False after a dry run, and where a row is bad: then nothing was. */
  imported: v.boolean(),
  rows: v.number(),
  added: v.number(),
  changed: v.number(),
  unchanged: v.number(),
  /** Made by the import, because rows name them. */
  newCategories: v.array(v.string()),
  badCount: v.number(),
  /** The first hundred; the heading is row 1. */
  bad: v.array(v.object({ row: v.number(), message: v.string() }))
});
export type ImportReport = v.InferOutput<typeof importReportSchema>;
