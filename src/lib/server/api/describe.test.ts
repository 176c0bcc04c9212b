import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { problemCodes } from '$lib/wire/problems';
import { describeApi } from './describe';
import { endpoints } from './endpoints';

describe.each(['json', 'page'] as const)('the description as %s', (as) => {
  test('may be kept for a while, and is sent again only when it has changed', async () => {
    const first = describeApi({ as, ifNoneMatch: null });
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    const tag = first.headers.get('etag');
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [tag, `W/${tag}`]) {
      const again = describeApi({ as, ifNoneMatch: known });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    expect(describeApi({ as, ifNoneMatch: '"older"' }).status).toBe(200);
  });

  test('names every endpoint and every problem', async () => {
    const body = await describeApi({ as, ifNoneMatch: null }).text();
    for (const { path } of endpoints) expect(body).toContain(path);
    for (const code of problemCodes) expect(body).toContain(code);
  });
});

describe('the page', () => {
  test('has no script, loads nothing, and its policy allows its own style only', async () => {
    const page = describeApi({ as: 'page', ifNoneMatch: null });
    const html = await page.text();
    expect(html).not.toMatch(/<script|<img|@import|url\(|\sstyle=|\son\w+=|src=/i);
    expect(html).not.toMatch(/(href|src)="(https?:)?\/\//);
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('has a place for everything that it points at', async () => {
    const html = await describeApi({ as: 'page', ifNoneMatch: null }).text();
    const places = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(places).size).toBe(places.length);
    const targets = new Set([...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id));
    expect([...targets].filter((id) => !places.includes(id))).toEqual([]);
    expect(targets.size).toBeGreaterThan(60);
  });
});
