import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { root } from './project.mjs';

/** A wait longer than this says that it still goes on. */
const sayAfterMs = 10_000;

/**
 * Runs a program to its end and keeps what it printed.
 *
 * @param {{
 *   command: string,
 *   args: string[],
 *   cwd?: string,
 *   env?: NodeJS.ProcessEnv,
 *   show?: boolean,
 *   behind?: boolean,
 *   waitingFor?: string
 * }} options `show` lets it print as it goes; `behind` gives it only the time that nothing else wants; `waitingFor` names
 *   the wait, said again every 10 s
 * @returns {Promise<{ code: number, output: string, seconds: number }>} code 127 when it can't be started
 */
export function run({
  command,
  args,
  cwd = root,
  env = process.env,
  show = false,
  behind = false,
  waitingFor
}) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !/[\\/]/.test(command)
    });
    // At once: its threads have the priority that it has when it makes them.
    if (behind && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const chunks = [];
    for (const [stream, out] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr]
    ]) {
      stream.on('data', (chunk) => {
        chunks.push(chunk);
        if (show) out.write(chunk);
      });
    }
    const timer =
      waitingFor && setInterval(() => say(`  … ${waitingFor}, ${Math.round(seconds())} s`), sayAfterMs);
    const stop = (signal) => child.kill(signal);
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    const finish = (code, error) => {
      clearInterval(timer);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      const output = Buffer.concat(chunks).toString('utf8') + (error ? `${error.message}\n` : '');
      resolve({ code, output, seconds: seconds() });
    };
    child.once('error', (error) => finish(127, error));
    child.once('close', (code, signal) => {
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(signal === 'SIGINT' ? 130 : 143);
      finish(code ?? 1);
    });
  });
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Says why the script can't go on, in one sentence, and ends it.
 * @param {string} sentence
 * @returns {never} */
export function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
