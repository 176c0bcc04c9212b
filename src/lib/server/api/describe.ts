/** The API's description as answers: made once, asked for again only when it has changed. */
import { createHash } from 'node:crypto';
import { docsPage } from './docs-page';
import { openApiDocument } from './openapi';

interface Made {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const makers = {
  json: () => ({
    body: `${JSON.stringify(openApiDocument(), null, 2)}\n`,
    headers: { 'content-type': 'application/json; charset=utf-8' }
  }),
  page: () => {
    const { html, style } = docsPage(openApiDocument());
    const styleHash = createHash('sha256').update(style).digest('base64');
    return {
      body: html,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        // No script, and no other style than its own.
        'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
      }
    };
  }
} satisfies Record<string, () => Made>;

/** It changes with the program only. */
const made = new Map<keyof typeof makers, Made>();

/** @param ifNoneMatch the tag that the reader has */
export function describeApi({
  as,
  ifNoneMatch
}: {
  readonly as: keyof typeof makers;
  readonly ifNoneMatch: string | null;
}): Response {
  const { body, headers } = made.get(as) ?? make(as);
  // A proxy that compresses may have weakened the tag.
  if (ifNoneMatch?.replace(/^W\//, '') === headers['etag'])
    return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
}

function make(as: keyof typeof makers): Made {
  const { body, headers } = makers[as]();
  const tag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const kept = { body, headers: { ...headers, etag: `"${tag}"`, 'cache-control': 'public, max-age=300' } };
  made.set(as, kept);
  return kept;
}
