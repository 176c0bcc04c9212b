/**
 * How people at the counter say an order's number: `T1-0042` is "42". Lists, receipts and refunds show it whole.
 */
export function shortOrderNumber(number: string): string {
  const sequence = /-(\d+)$/.exec(number)?.[1];
  return sequence === undefined ? number : String(Number(sequence));
}
