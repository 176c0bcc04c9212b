import { expect, test } from 'vitest';
import { simulate } from './simulation';
test('x', { timeout: 600_000 }, async () => {
  const from = Number(process.env['FROM'] ?? 1), n = Number(process.env['N'] ?? 20);
  const t0 = performance.now();
  let bad = 0, calls = 0, att = 0, crashes = 0; const kinds = new Map<string, number[]>();
  for (let seed = from; seed < from + n; seed += 1) {
    const r = await simulate({ seed });
    calls += r.calls; att += r.attempts; crashes += r.crashes;
    if (r.violations.length) { bad += 1; const k = r.violations[0]!.replace(/[A-Z0-9]{27}|[0-9a-f]{32}/g, '…').slice(0, 90); kinds.set(k, [...(kinds.get(k) ?? []), seed]); }
    if (process.env['TRACE']) console.log(r.trace.join('\n'), r.violations);
  }
  console.log({ ms: (performance.now() - t0) / n, bad, calls: calls / n, att: att / n, crashes: crashes/n });
  for (const [k, s] of kinds) console.log(k, s.length, s.slice(0, 8).join(' '));
});
