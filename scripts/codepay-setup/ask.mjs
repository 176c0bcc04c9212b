import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Questions on the terminal, one line each; also from a pipe. */
export function createAsk({ input = process.stdin, output = process.stdout } = {}) {
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();

  async function line() {
    const { value, done } = await lines.next();
    if (done) throw new Error('The setup was ended before all was answered. Nothing more was changed.');
    return value.trim();
  }
  return {
    /** @param {string} question @param {string} [usual] taken for an empty line */
    async text(question, usual = '') {
      output.write(usual === '' ? `${question}: ` : `${question} [${usual}]: `);
      const given = await line();
      return given === '' ? usual : given;
    },
    /** @param {string} question */
    async yes(question) {
      output.write(`${question} [y/N]: `);
      return /^y(es)?$/i.test(await line());
    },
    /** A key: pasted whole, in one line of base64, or the path of a file. @param {string} question */
    async key(question) {
      output.write(`${question}:\n`);
      let first = await line();
      while (first === '') first = await line();
      if (!first.includes('BEGIN')) return existsSync(first) ? readFileSync(first, 'utf8') : first;
      const pasted = [first];
      while (!pasted.at(-1)?.includes('END')) pasted.push(await line());
      return pasted.join('\n');
    },
    close: () => reader.close()
  };
}
