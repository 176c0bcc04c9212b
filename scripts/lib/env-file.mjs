import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * A settings file with some settings changed: each takes the place of its line, also of one that is commented out; the
 * rest stays as it was.
 *
 * @param {string} text
 * @param {Readonly<Record<string, string | null>>} settings null: switched off by a # before it
 */
export function withSettings(text, settings) {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const [name, value] of Object.entries(settings)) {
    const active = new RegExp(`^\\s*(export\\s+)?${name}\\s*=`);
    const asleep = new RegExp(`^\\s*#\\s*${name}\\s*=`);
    const at = lines.findIndex((line) => active.test(line));
    if (value === null) {
      if (at >= 0) lines[at] = `#${lines[at]}`;
      continue;
    }
    const line = `${name}=${quoted(value)}`;
    const place = at >= 0 ? at : lines.findIndex((known) => asleep.test(known));
    if (place >= 0) lines[place] = line;
    else lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** @param {string} value */
function quoted(value) {
  if (/^[\w./:@+-]+$/.test(value)) return value;
  if (/[\r\n"]/.test(value)) throw new Error('A setting can hold neither a quotation mark nor a new line.');
  return `"${value}"`;
}

/** @param {string} path */
export function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Whole or not at all, and readable by its owner only. @param {string} path @param {string} text */
export function writePrivate(path, text) {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  // an older draft keeps its rights
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
