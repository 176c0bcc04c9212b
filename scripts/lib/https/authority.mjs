/**
 * A certificate authority of the shop's own, for its own network and for nothing else: browsers give scanners and the
 * camera to https pages only, and no public authority signs for 192.168.1.10.
 *
 * Whoever installs it trusts it for private addresses and local names alone: everything else is ruled out in the
 * certificate itself (RFC 5280, name constraints), so a stolen key opens no other site.
 */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 60 * 60 * 1000;
const authorityDays = 10 * 365;
/** iPhones and iPads refuse a certificate that lives longer than 825 days. */
const serverDays = 820;
/** A machine whose clock is behind must take it too. */
const beganDaysAgo = 1;

/** Networks that nobody can own on the internet: RFC 1918, link-local, loopback, and their like in IPv6. */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10'
];
/** Names that never leave a house: RFC 6762, RFC 8375, and what routers use. */
export const localEndings = ['local', 'home.arpa', 'internal', 'lan', 'home', 'localhost'];

/**
 * @typedef {{ certificate: string, key: string }} Pair  both PEM; the key PKCS#8
 */

/**
 * @param {{ name: string, now: Date }} of
 * @returns {Promise<Pair>}
 */
export async function makeAuthority({ name, now }) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [name] }, { O: ['Till'] }],
    ...lifeOf(authorityDays, now),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension('2.5.29.30', true, privateOnly())
    ]
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyText(keys.privateKey) };
}

/**
 * A certificate for the shop's server.
 *
 * @param {{ authority: Pair, names: readonly string[], now: Date }} of  names and addresses, the first one shown
 * @returns {Promise<Pair>}
 */
export async function makeServerCertificate({ authority, names, now }) {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: ['Till'] }],
    issuer: issuer.subject,
    ...lifeOf(serverDays, now),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isAddress(name) ? 'ip' : 'dns', value: name }))
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)
    ]
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyText(keys.privateKey) };
}

/**
 * Why a server's certificate can't be used (any longer) for these names; null where it can.
 *
 * @param {{ certificate: string, authority: string, names: readonly string[], now: Date, leastDays: number }} of
 */
export async function whyRenew({ certificate, authority, names, now, leastDays }) {
  const read = new x509.X509Certificate(certificate);
  const issuer = new x509.X509Certificate(authority);
  if (read.notAfter.getTime() - now.getTime() < leastDays * dayMs) return 'it ends soon';
  if (!(await read.verify({ publicKey: issuer.publicKey, date: now }))) return 'another authority made it';
  const alternative = read.getExtension(x509.SubjectAlternativeNameExtension);
  const known = new Set(alternative?.names.items.map(({ value }) => value) ?? []);
  const missing = names.filter((name) => !known.has(name));
  return missing.length === 0 ? null : `it does not name ${missing.join(', ')}`;
}

/** @param {string} certificate PEM @returns {Date} */
export function endOf(certificate) {
  return new x509.X509Certificate(certificate).notAfter;
}

/** @param {string} name */
export function isAddress(name) {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':');
}

function privateOnly() {
  const dns = localEndings.map((ending) => subtree(new GeneralName({ dNSName: ending })));
  const addresses = privateNetworks.map((network) => subtree(new GeneralName({ iPAddress: network })));
  return AsnConvert.serialize(
    new NameConstraints({ permittedSubtrees: new GeneralSubtrees([...dns, ...addresses]) })
  );
}

/** @param {GeneralName} base */
function subtree(base) {
  return new GeneralSubtree({ base });
}

/** @param {number} days @param {Date} now */
function lifeOf(days, now) {
  const began = now.getTime() - beganDaysAgo * dayMs;
  return { notBefore: new Date(began), notAfter: new Date(began + days * dayMs) };
}

/** Positive, 127 bits. */
function newSerial() {
  const bytes = randomBytes(16);
  bytes[0] &= 0x7f;
  bytes[0] |= 0x40;
  return bytes.toString('hex');
}

/** @param {CryptoKey} key */
async function keyText(key) {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

/** @param {string} pem */
async function readKey(pem) {
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined) throw new TypeError('there is no key in it');
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
