/** Amounts as the wire has them: major units in decimal text. The sandbox is the other side, so it counts by itself. */

// ISO 4217 currencies that do not have two decimals.
const exponents: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0])
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3]))
};

function exponentOf(currency: string): number {
  return exponents[currency] ?? 2;
}

/** `34.50` USD → 3450. `undefined` for anything that is no positive amount of that currency. */
export function minorOfText(text: string, currency: string): number | undefined {
  const parts = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(text);
  const exponent = exponentOf(currency);
  const fraction = parts?.[2] ?? '';
  if (!parts || fraction.length > exponent) return undefined;
  const minor = Number(`${parts[1]}${fraction.padEnd(exponent, '0')}`);
  return Number.isSafeInteger(minor) && minor > 0 ? minor : undefined;
}

/** 3450 USD → `34.5`: as a JSON number is written, without the zeros at the end, the way the real gateway answers. */
export function numberText(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(minor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = digits.slice(digits.length - exponent).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Epoch milliseconds → `YYYY-MM-DD HH:mm:ss` in UTC. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
