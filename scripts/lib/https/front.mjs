/**
 * Till's own https, for tablets in the shop's network: `TILL_HTTPS=on`. The plain port goes on serving this very
 * machine; who comes to it from another one is shown how to come by https.
 */
import { createServer } from 'node:https';
import { join } from 'node:path';
import { databaseOf } from '../database.mjs';
import { listen } from '../listen.mjs';
import { joinHandler } from './join-page.mjs';
import { keepCertificate } from './keep.mjs';
import { ownNames } from './names.mjs';

const usualPort = 3443;

/**
 * Prepares certificates and listens.
 *
 * @param {{
 *   environment: NodeJS.ProcessEnv,
 *   host: string,
 *   plainPort: number,
 *   options: import('node:https').ServerOptions,
 *   answer: import('node:http').RequestListener
 * }} of
 * @returns {Promise<{ sentence: string } | {
 *   server: import('node:https').Server,
 *   origins: readonly string[],
 *   joinAddress: string,
 *   join: import('node:http').RequestListener
 * }>} `origins`: Till's https addresses, the surest first; `joinAddress`: where a new tablet begins; `join`: what it is shown
 */
export async function openFront({ environment, host, plainPort, options, answer }) {
  const text = environment.HTTPS_PORT || String(usualPort);
  const asked = Number(text);
  if (!/^\d{1,5}$/.test(text) || asked > 65_535) {
    return { sentence: `HTTPS_PORT must be a number up to 65535, not "${text}".` };
  }
  const known = ownNames({ asked: environment.TILL_HTTPS_NAMES });
  if ('sentence' in known) return known;
  const folder = join(databaseOf(environment).folder, 'https');
  let kept;
  try {
    kept = await keepCertificate({ folder, names: known.names });
  } catch (error) {
    return {
      sentence: `The certificates in ${folder} can't be read or written (${error.code ?? error.message}). Put the folder right, or move it away: new ones are made, and every tablet must trust them anew.`
    };
  }
  const { certificate: cert, key, authority } = kept;
  const server = createServer({ ...options, cert, key, minVersion: 'TLSv1.2' }, answer);
  const problem = await listen(server, { host, port: asked, setting: 'HTTPS_PORT' });
  if (problem) return { sentence: problem };
  const { port } = server.address();
  const origins = known.names.map((name) => `https://${name}:${port}`);
  const joinAddress = `http://${known.names[0]}:${plainPort}/`;
  return {
    server,
    origins,
    joinAddress,
    join: joinHandler({ authority, secureAddress: `${origins[0]}/`, joinAddress })
  };
}
