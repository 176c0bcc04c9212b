/** A file of products in the browser: its letters and its rows. */
import Papa from 'papaparse';
import { separators, type Separator } from '$lib/wire/product-import';

export const encodings = ['utf-8', 'windows-1252', 'utf-16le'] as const;
export type Encoding = (typeof encodings)[number];

/** By its first bytes; without a mark UTF-8 where the bytes are UTF-8, else what western spreadsheets write. */
export function guessEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

export function decode(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** A null character: a spreadsheet's own file or a picture, and no text. */
export function isText(text: string): boolean {
  return !text.slice(0, 10_000).includes('\u0000');
}

export function guessSeparator(text: string): Separator {
  const guessed = Papa.parse(text, { preview: 20, delimitersToGuess: [...separators] }).meta.delimiter;
  return separators.find((separator) => separator === guessed) ?? ',';
}

/** The first rows, headings first; rows without anything are left out. */
export function firstRows(text: string, separator: Separator, count: number): string[][] {
  const { data } = Papa.parse<string[]>(text, {
    delimiter: separator,
    preview: count * 2,
    skipEmptyLines: 'greedy'
  });
  return data.slice(0, count);
}
