/**
 * A journal as a file that somebody else can check: every entry of this register, signed by a key whose private half
 * never leaves the browser that wrote it.
 */
import { canonicalJson } from '$lib/chain/canonical-json';
import { isChainEntry, type ChainEntry } from '$lib/chain/entry';
import { verifyChain, type ChainProblem } from '$lib/chain/verify';
import { checkpointOf, cutIn, fields } from './checkpoint';
import type { JournalDatabase } from './database';

const format = 'till-journal';
const version = 1;
const keyName = 'export';
const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const scheme = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Who wrote the journal. */
export interface ExportedRegister {
  readonly registerId: string;
  readonly code: string;
  readonly name: string;
}

export interface JournalExport {
  readonly register: ExportedRegister;
  /** ISO 8601, UTC, by the clock of the register that made the file. */
  readonly exportedAt: string;
  /** SPKI, base64. */
  readonly publicKey: string;
  readonly entries: readonly ChainEntry[];
}

export type ReadExport =
  | { readonly ok: true; readonly journal: JournalExport }
  /** `changed`: the signature does not fit what is signed. */
  | { readonly ok: false; readonly reason: 'unreadable' | 'changed' }
  /** Signed with something missing or changed, first at this number; the rest is what the file has. */
  | {
      readonly ok: false;
      readonly reason: ChainProblem | 'checkpoint';
      readonly damaged: Pick<ChainEntry, 'epoch' | 'seq'>;
      readonly journal: JournalExport;
    };

/** The register's key pair, made at the first use. @throws JournalUnavailable, or where the browser has no crypto */
export async function exportKey(database: JournalDatabase): Promise<CryptoKeyPair> {
  const known = await database.use((open) => open.get('keys', keyName));
  if (known !== undefined) return known;
  const made = await crypto.subtle.generateKey(curve, false, ['sign', 'verify']);
  return database.use(async (open) => {
    const transaction = open.transaction('keys', 'readwrite', { durability: 'strict' });
    // another tab may have been quicker: its key is the register's
    const first = await transaction.store.get(keyName);
    if (first === undefined) await transaction.store.add(made, keyName);
    await transaction.done;
    return first ?? made;
  });
}

/** @returns the public half, SPKI in base64: what the server enrols */
export async function publicKeyOf(pair: CryptoKeyPair): Promise<string> {
  return toBase64(await crypto.subtle.exportKey('spki', pair.publicKey));
}

/**
 * Writes everything that this register's journal holds into one signed text.
 *
 * @throws JournalUnavailable
 */
export async function writeExport({
  database,
  register,
  exportedAt
}: {
  readonly database: JournalDatabase;
  readonly register: ExportedRegister;
  readonly exportedAt: string;
}): Promise<string> {
  const pair = await exportKey(database);
  const { registerId } = register;
  const entries = await database.use((open) =>
    open.getAll(
      'entries',
      IDBKeyRange.bound([registerId, 0, 0], [registerId, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
    )
  );
  const signed = { format, version, register, exportedAt, publicKey: await publicKeyOf(pair), entries };
  const signature = toBase64(await crypto.subtle.sign(scheme, pair.privateKey, bytesOf(signed)));
  return JSON.stringify({ ...signed, signature });
}

/**
 * Reads a file and checks it: signature first, then every chain. Whose key it is, the server knows.
 *
 * @returns a verdict; what was read never makes it throw
 */
export async function readExport(text: string): Promise<ReadExport> {
  const file = parse(text);
  if (file === null) return { ok: false, reason: 'unreadable' };
  const { signature, ...signed } = file;
  if (!(await isSigned(signed, signature))) return { ok: false, reason: 'changed' };
  const { register, exportedAt, publicKey, entries } = file;
  const journal = { register, exportedAt, publicKey, entries };
  const damage = await damageIn(entries);
  return damage === null ? { ok: true, journal } : { ok: false, ...damage, journal };
}

/** The first thing that is missing or changed in a register's entries. */
async function damageIn(entries: readonly ChainEntry[]): Promise<{
  readonly reason: ChainProblem | 'checkpoint';
  readonly damaged: Pick<ChainEntry, 'epoch' | 'seq'>;
} | null> {
  // entries that left after the server had them are missing at the front: the newest checkpoint says up to where
  const newest = entries.findLast(({ kind }) => kind === 'checkpoint');
  const checkpoint = newest === undefined ? null : checkpointOf(newest);
  if (newest !== undefined && checkpoint === null)
    return { reason: 'checkpoint', damaged: { epoch: newest.epoch, seq: newest.seq } };
  for (const [epoch, chain] of Map.groupBy(entries, (entry) => entry.epoch)) {
    const cut = cutIn(checkpoint, epoch);
    const registerId = chain[0]?.registerId ?? '';
    const after = cut === null ? null : { registerId, epoch, seq: cut.upTo, hash: cut.hash };
    const verdict = await verifyChain({ entries: chain, after });
    if (!verdict.ok) {
      const seq = (chain[verdict.at - 1]?.seq ?? cut?.upTo ?? 0) + 1;
      return { reason: verdict.reason, damaged: { epoch, seq } };
    }
  }
  return null;
}

interface ExportFile extends JournalExport {
  readonly format: typeof format;
  readonly version: typeof version;
  readonly signature: string;
}

function parse(text: string): ExportFile | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const file = fields(value);
  const register = fields(file['register']);
  const { exportedAt, publicKey, signature, entries } = file;
  const { registerId, code, name } = register;
  if (file['format'] !== format || file['version'] !== version) return null;
  if (typeof exportedAt !== 'string' || typeof publicKey !== 'string' || typeof signature !== 'string')
    return null;
  if (typeof registerId !== 'string' || typeof code !== 'string' || typeof name !== 'string') return null;
  if (!Array.isArray(entries) || !entries.every(isChainEntry)) return null;
  if (entries.some((entry) => entry.registerId !== registerId)) return null;
  return {
    format,
    version,
    register: { registerId, code, name },
    exportedAt,
    publicKey,
    signature,
    entries
  };
}

async function isSigned(
  signed: object & { readonly publicKey: string },
  signature: string
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('spki', fromBase64(signed.publicKey), curve, true, ['verify']);
    return await crypto.subtle.verify(scheme, key, fromBase64(signature), bytesOf(signed));
  } catch {
    return false;
  }
}

function bytesOf(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value));
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
