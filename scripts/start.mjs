/**
 * `npm start`: installs and builds where needed, then runs the server on the Node that the project brings.
 * Plain JavaScript for Node 20 and later, because nothing is installed when it begins.
 *
 * Options: `--no-open` never opens a browser.
 */
import { spawn } from 'node:child_process';
import { ensureBuilt } from './lib/build.mjs';
import { hasDesktop } from './lib/desktop.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode, root } from './lib/project.mjs';
import { giveUp } from './lib/run.mjs';

if (Number(process.versions.node.split('.')[0]) < 20) {
  giveUp(`Till needs Node 20 or later to start; this is Node ${process.versions.node}.`);
}

await ensureInstalled();
const build = await ensureBuilt();
if (!build.ok) {
  process.stderr.write(build.output);
  giveUp('Till could not be built: the reason stands above.');
}

const open = !process.argv.includes('--no-open') && hasDesktop();
const server = spawn(ownNode(), [inProject('scripts', 'server.mjs'), ...(open ? ['--open'] : [])], {
  cwd: root,
  env: ownEnvironment(),
  stdio: 'inherit'
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => server.kill(signal));
}
server.on('error', (error) => giveUp(`Till could not be started: ${error.message}.`));
server.on('exit', (code, signal) => {
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
});
