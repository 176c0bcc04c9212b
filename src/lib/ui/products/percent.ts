/** Percentages as people type them, digit by digit: no floats near money. */

/** Parts per million of `7.25` or `7,25`, at most four decimals; null for what is no percentage up to 100. */
export function ppmOfPercent(typed: string): number | null {
  const text = typed.trim().replace(/\s*%$/, '').replace(',', '.');
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(text)) return null;
  const [whole = '0', decimals = ''] = text.split('.');
  const ppm = Number(whole) * 10_000 + Number(decimals.padEnd(4, '0'));
  return ppm <= 1_000_000 ? ppm : null;
}

/** 72 500 as `7.25`. */
export function percentText(ratePpm: number): string {
  const whole = Math.floor(ratePpm / 10_000);
  const decimals = String(ratePpm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return decimals === '' ? String(whole) : `${whole}.${decimals}`;
}
