/** `npm run test:e2e [Playwright's arguments]`: builds where needed, finds a browser, runs the end-to-end tests. */
import { spawn } from 'node:child_process';
import { ensureChromium } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode, root } from './lib/project.mjs';
import { giveUp } from './lib/run.mjs';

await ensureInstalled();
const browser = await ensureChromium();
if (!browser.ok) giveUp(browser.sentence);
const build = await ensureBuilt();
if (!build.ok) {
  process.stderr.write(build.output);
  giveUp('The application could not be built: the reason stands above.');
}
const cli = inProject('node_modules', '@playwright', 'test', 'cli.js');
const tests = spawn(ownNode(), [cli, 'test', ...process.argv.slice(2)], {
  cwd: root,
  env: ownEnvironment(),
  stdio: 'inherit'
});
tests.on('exit', (code) => process.exit(code ?? 1));
