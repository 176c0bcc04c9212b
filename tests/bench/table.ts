/** A table for the terminal. Plain Node runs this. */

/** Prints names and values in two columns, with a remark where there is one. */
export function printTable(rows: readonly (readonly [name: string, value: string, remark?: string])[]): void {
  const names = Math.max(...rows.map(([name]) => name.length));
  const values = Math.max(...rows.map(([, value]) => value.length));
  for (const [name, value, remark = ''] of rows) {
    console.log(`  ${name.padEnd(names)}  ${value.padStart(values)}  ${remark}`.trimEnd());
  }
}

/** The value below which this part of the sorted numbers lies. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
