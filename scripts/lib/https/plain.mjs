/** What the plain port must know of https; the rest is loaded only where it is on. */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {{ on: boolean } | { sentence: string }}
 */
export function isHttpsWanted(environment) {
  const wanted = (environment.TILL_HTTPS ?? '').trim().toLowerCase();
  if (wanted === '' || wanted === 'off') return { on: false };
  if (wanted === 'on') return { on: true };
  return { sentence: `TILL_HTTPS must be on or off, not "${environment.TILL_HTTPS}".` };
}

/** True for a request from this very machine. @param {{ socket: { remoteAddress?: string | undefined } }} request */
export function isFromHere({ socket }) {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return address === '::1' || address.startsWith('127.');
}
