import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeServerCertificate, whyRenew } from './authority.mjs';

/** Made anew this long before it ends: a server that is started once a month renews in time. */
const renewDaysBefore = 60;

/**
 * The server's certificate, made where it is missing, ends soon or lacks a name. The authority stays the same, so tablets
 * that know it have nothing to do.
 *
 * @param {{ folder: string, names: readonly string[], now?: Date }} of
 *   `folder`: where both pairs are kept; private keys are readable by Till's user alone
 * @returns {Promise<{ authority: string, certificate: string, key: string, renewed: string | null }>}
 *   PEM; `renewed`: why the certificate was made anew
 */
export async function keepCertificate({ folder, names, now = new Date() }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authorityFiles = filesOf(folder, 'authority');
  const serverFiles = filesOf(folder, 'server');
  let authority = readPair(authorityFiles);
  if (authority === null) {
    authority = await makeAuthority({ name: `Till on ${hostname()}`, now });
    writePair(authorityFiles, authority);
  }
  const known = readPair(serverFiles);
  const reason =
    known === null
      ? 'there was none'
      : await whyRenew({
          certificate: known.certificate,
          authority: authority.certificate,
          names,
          now,
          leastDays: renewDaysBefore
        });
  if (known !== null && reason === null) {
    return { authority: authority.certificate, ...known, renewed: null };
  }
  const made = await makeServerCertificate({ authority, names, now });
  writePair(serverFiles, made);
  return { authority: authority.certificate, ...made, renewed: reason };
}

/** @param {string} folder @param {string} name */
function filesOf(folder, name) {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
}

/** @param {{ certificate: string, key: string }} files */
function readPair(files) {
  if (!existsSync(files.certificate) || !existsSync(files.key)) return null;
  return { certificate: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') };
}

/** The key first: half a pair counts as none. */
function writePair(files, pair) {
  for (const part of ['key', 'certificate']) {
    const file = files[part];
    writeFileSync(`${file}.new`, pair[part], { mode: part === 'key' ? 0o600 : 0o644 });
    renameSync(`${file}.new`, file);
  }
}
