/** The server's entry: reads `.env`, then serves `build/`. Runs on Node 24; `npm start` sees to that. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { openInBrowser } from './lib/desktop.mjs';
import { inProject, root } from './lib/project.mjs';
import { giveUp } from './lib/run.mjs';
import { serve } from './lib/serve.mjs';
import { loadSettings } from './lib/settings.mjs';

if (Number(process.versions.node.split('.')[0]) < 24) {
  giveUp(`The server needs Node 24; this is Node ${process.versions.node}. Start it with "npm start".`);
}
// Paths in the configuration (`file:data/till.db`) count from the project's root.
process.chdir(root);
loadSettings();
const handler = inProject('build', 'handler.js');
if (!existsSync(handler)) giveUp('Till is not built yet: run "npm start", or "npm run build" first.');

await serve({
  environment: process.env,
  loadHandler: () => import(pathToFileURL(handler).href),
  onReady: ({ address }) => {
    if (process.argv.includes('--open')) openInBrowser(address);
  }
});
