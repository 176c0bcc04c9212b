/**
 * `npm run codepay:setup`: the road to live payments. Makes the app's keys, asks for what CodePay gave, writes `.env`, and
 * asks the gateway a signed question that moves no money. Plain JavaScript for Node 20 and later: installs first.
 */
import { spawn } from 'node:child_process';
import { ensureInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode, root } from './lib/project.mjs';
import { giveUp } from './lib/run.mjs';

if (Number(process.versions.node.split('.')[0]) < 20) {
  giveUp(`Till needs Node 20 or later; this is Node ${process.versions.node}.`);
}
await ensureInstalled();
const setup = spawn(ownNode(), [inProject('scripts', 'codepay-setup', 'run.mjs'), ...process.argv.slice(2)], {
  cwd: root,
  env: ownEnvironment(),
  stdio: 'inherit'
});
setup.on('error', (error) => giveUp(`The setup could not be started: ${error.message}.`));
setup.on('exit', (code) => process.exit(code ?? 1));
