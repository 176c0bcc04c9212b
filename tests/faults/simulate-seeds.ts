/** Runs the simulation over a range of seeds: 2,000 by default, more by TILL_FAULT_SEEDS. */
import { expect, test } from 'vitest';
import { addToReport } from './report';
import { simulate, type SimResult } from './simulation';

const seeds = Number(process.env['TILL_FAULT_SEEDS'] ?? 2000);
const firstSeed = Number(process.env['TILL_FAULT_FIRST_SEED'] ?? 1);
/** Test files run side by side; each takes its share. */
export const shards = 4;

export function simulateShard(shard: number): void {
  const mine = Array.from({ length: seeds }, (_, at) => firstSeed + at).filter(
    (seed) => seed % shards === shard
  );
  const title = `${rows} whatever the seed (${shard + 1} of ${shards})`;
  test(title, { timeout: 60_000 + mine.length * 2000 }, async () => {
    const interleavings = new Set<string>();
    /** Of those that asked the gateway for something: a process that dies before that leaves little that could differ. */
    const sent: string[] = [];
    for (const seed of mine) {
      const result = await simulate({ seed });
      interleavings.add(result.interleaving);
      if (result.calls > 0) sent.push(result.interleaving);
      addToReport({ seeds: 1, crashes: result.crashes, differenceMinor: result.differenceMinor });
      if (result.violations.length > 0) throw new Error(described(result));
    }
    addToReport({ interleavings: interleavings.size });
    expect(new Set(sent).size).toBe(sent.length);
  });
}

const rows = '#6 #7 #8 #9 #10 #11 #22 #25 #31 #44 #45 #57 #61 #62 #63 I1 to I10 hold';

export function described(result: SimResult): string {
  return [
    `seed ${result.seed} (npm run test:faults -- --first ${result.seed} --seeds 1)`,
    ...result.violations,
    '',
    ...result.trace
  ].join('\n');
}
