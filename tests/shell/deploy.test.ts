/**
 * What lies in deploy/ names files, commands and settings of the project. No container engine runs here, so that what they
 * name is looked at: a script that was renamed must not be found out by a shop.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../scripts/lib/project.mjs';

function read(...path: string[]): string {
  return readFileSync(inProject(...path), 'utf8');
}
function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

const settings = new Set(all(read('.env.example'), /^#? ?([A-Z][A-Z_]+)=/gm));
const { scripts, devDependencies } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe('the container', () => {
  const file = read('deploy', 'Containerfile');
  const compose = read('deploy', 'compose.yaml');

  it('is built and started by files and commands that are there, on the Node that Till comes with', () => {
    for (const name of all(file, /npm run ([a-z:]+)/g)) expect(Object.keys(scripts)).toContain(name);
    const named = [...all(file, /'\.\/(scripts\/[^']+)'/g), ...all(file, /"(scripts\/[^"]+)"/g)];
    expect(named).toEqual(['scripts/lib/install.mjs', 'scripts/server.mjs']);
    for (const path of named) expect(existsSync(inProject(path)), path).toBe(true);
    const major = devDependencies['node']?.split('.')[0];
    expect(new Set(all(file, /^FROM node:(\d+)-/gm))).toEqual(new Set([major]));
    expect(existsSync(inProject('src', 'routes', 'healthz', '+server.ts'))).toBe(true);
  });

  it('takes nothing along that is a secret or is made anew', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['.env', 'data', 'deploy/keys', 'node_modules', 'build']) {
      expect(ignored).toContain(path);
    }
  });

  it('is given settings that Till knows, and every one of CodePay’s', () => {
    const till = compose.slice(compose.indexOf('\n  till:'), compose.indexOf('\n  proxy:'));
    const given = all(till, /^ {6}([A-Z][A-Z_]+):/gm);
    for (const name of given) expect([...settings], name).toContain(name);
    const inline = ['CODEPAY_APP_PRIVATE_KEY', 'CODEPAY_GATEWAY_PUBLIC_KEY'];
    const wanted = [...settings].filter((name) => name.startsWith('CODEPAY_') && !inline.includes(name));
    expect(given).toEqual(expect.arrayContaining(wanted));
    for (const [, path = ''] of compose.matchAll(/dockerfile: (\S+)/g)) {
      expect(existsSync(inProject(path)), path).toBe(true);
    }
    expect(existsSync(inProject('deploy', 'Caddyfile'))).toBe(true);
  });
});

describe('the units of systemd', () => {
  it.each(['till.service', 'till-backup.service'])(
    '%s starts a script that is there, and writes into data only',
    (unit) => {
      const text = read('deploy', unit);
      const [script = ''] = all(text, /^ExecStart=\/opt\/till\/node_modules\/\.bin\/node (\S+)/gm);
      expect(existsSync(inProject(script)), script).toBe(true);
      expect(all(text, /^ReadWritePaths=(.+)$/gm)).toEqual(['/opt/till/data']);
      expect(all(text, /^WorkingDirectory=(.+)$/gm)).toEqual(['/opt/till']);
    }
  );
});
