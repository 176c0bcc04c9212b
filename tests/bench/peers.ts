/** The libraries that Till is measured beside: a package of their own, so that nobody else installs them. */
import { existsSync, readFileSync } from 'node:fs';
import { giveUp } from '../../scripts/lib/run.mjs';

/** Ends a bench whose peers are not installed, and says how they come here. */
export function requirePeers(): void {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const missing = Object.keys(dependencies).filter(
    (name) => !existsSync(new URL(`node_modules/${name}/package.json`, import.meta.url))
  );
  if (missing.length === 0) return;
  giveUp(
    `This bench measures Till beside libraries that are not installed (${missing.join(', ')}): run "npm ci --prefix tests/bench" first, or the bench by "npm run bench", which installs them.`
  );
}
