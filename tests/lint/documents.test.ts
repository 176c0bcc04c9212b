import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { problem } from '$lib/server/problem';
import { problemCodes, problemSchema } from '$lib/wire/problems';

const root = join(import.meta.dirname, '../..');
const documents = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
);

describe('docs/problems.md', () => {
  const text = readFileSync(join(root, 'docs/problems.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| (\d+) +\| (.+?) *\|$/gm)].map(([, ...cells]) => cells);

  test('has every error code of the API, with its status and its words, and no other', async () => {
    const said = await Promise.all(
      problemCodes.map(async (code) => {
        const { title, status, detail } = v.parse(problemSchema, await problem({ code }).json());
        return [code, String(status), `**${title}.** ${detail}`];
      })
    );
    expect(rows).toEqual(said);
  });

  test.each(rows)('says of %s whether money moved, and what to do', (_code, _status, words = '') => {
    expect(words).toMatch(
      /no (more )?money moved|moved no money|nothing (more )?was (charged|sent)|no (second one|refund) was made|do not charge again/i
    );
    const last = words.split(/(?<=\.) /).at(-1) ?? '';
    expect(last, 'the last sentence is something to do').toMatch(
      /^(Ask|Attach|Check|Choose|Find|Give|If|Look|Open|Reload|Scan|Sell|Sign|Start|Use|Wait|Write) /
    );
  });
});

test('every decision stands in the list of documents', () => {
  const list = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const decisions = readdirSync(join(root, 'docs/decisions'));
  expect(decisions.filter((name) => !list.includes(`(decisions/${name})`))).toEqual([]);
});

test('every setting that the README names is explained in .env.example', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const table = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('## A tablet'));
  const names = [...table.matchAll(/`([A-Z][A-Z_]{3,})`/g)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !new RegExp(`^#${name}(_FILE)?=`, 'm').test(example))).toEqual([]);
});

test('every command in the README and in CONTRIBUTING is a script of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const text = ['README.md', 'CONTRIBUTING.md']
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n');
  const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('a link between documents leads to a file that is there', () => {
  const broken = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    return [...text.matchAll(/\[[^\]]*\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !/^https?:/.test(target) && !/\.png$/.test(target))
      .filter((target) => !existsSync(join(root, dirname(document), target)))
      .map((target) => `${relative('.', document)} → ${target}`);
  });
  expect(broken).toEqual([]);
});

test('every fault in docs/journal.md names a test that plays it', () => {
  const tests = new Map(
    ['src', 'tests'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(test|spec)\.ts$/.test(name))
        .map((name) => [join(root, folder, name), readFileSync(join(root, folder, name), 'utf8')] as const)
    )
  );
  const text = readFileSync(join(root, 'docs/journal.md'), 'utf8');
  const table = text.slice(text.indexOf('| what goes wrong'));
  const rows = table
    .slice(0, table.indexOf('\n\n'))
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(20);
  const unplayed = rows.filter(([, , , , played = '']) => {
    const [, file, title] = /^`([\w.-]+)`: (.+)$/.exec(played) ?? [];
    return ![...tests].some(
      ([name, code]) =>
        file !== undefined && title !== undefined && basename(name) === file && code.includes(title)
    );
  });
  expect(unplayed.map(([, fault]) => fault)).toEqual([]);
});
