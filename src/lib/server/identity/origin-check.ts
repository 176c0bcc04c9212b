/** Cross-site requests: only Till's own pages may change anything. */

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** The gateway's webhook comes from no page; its signature is its pass. */
const exempt = ['/api/codepay/notify'];

/**
 * True where a request may go on: it changes nothing, or it comes from Till's own page.
 *
 * Every browser of the last years sends `Origin` with a request that changes something, whatever its content type, so a
 * missing one is refused too: only programs leave it out, and they can set it.
 * `Sec-Fetch-Site` is asked besides because pages can't forge it; older browsers and programs send none.
 *
 * @param ownOrigins addresses of Till in the browser
 */
export function isOriginAllowed({
  method,
  path,
  headers,
  ownOrigins
}: {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly ownOrigins: readonly string[];
}): boolean {
  if (safeMethods.includes(method) || exempt.includes(path)) return true;
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = headers.get('origin');
  return origin !== null && ownOrigins.includes(origin);
}

/**
 * The addresses that are Till's own: the configured one, and for this very machine its other names, because people type
 * `127.0.0.1` where the settings say `localhost`.
 */
export function ownOriginsOf(origin: string): readonly string[] {
  const url = new URL(origin);
  const names = ['localhost', '127.0.0.1', '[::1]'];
  if (!names.includes(url.hostname)) return [url.origin];
  const port = url.port === '' ? '' : `:${url.port}`;
  return names.map((name) => `${url.protocol}//${name}${port}`);
}
