import { inProject } from './project.mjs';
import { giveUp } from './run.mjs';

/** Completes the environment from `.env`; what is set already wins. */
export function loadSettings() {
  try {
    process.loadEnvFile(inProject('.env'));
  } catch (error) {
    if (error.code !== 'ENOENT') giveUp(`The file .env can't be read (${error.code}).`);
  }
}

/** Ends with a sentence on a Node that lacks what is needed. @param {string} command */
export function needNode24(command) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  giveUp(`This needs Node 24, which comes with the project: run "npm start" once, then "${command}".`);
}
