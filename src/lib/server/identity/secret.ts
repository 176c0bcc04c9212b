/** The server's own secret: made at its first start, kept in a file that only its user can read. */
import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartRefused } from '$lib/server/config/start-refused';

const secretPattern = /^[A-Za-z0-9_-]{43,}$/;

/**
 * Reads the secret, or makes it: 256 random bits, file mode 0600. Two starts at once agree on one.
 *
 * @throws {@link StartRefused} where the file can't be read or written, or holds something else
 */
export async function loadOrCreateSecret({ path }: { readonly path: string }): Promise<string> {
  try {
    const secret = (await readIfThere(path)) ?? (await createOnce(path));
    if (secretPattern.test(secret)) return secret;
  } catch (cause) {
    throw new StartRefused(
      `The file ${path} with the server's secret can't be read or written; correct its rights (it belongs to the user that runs Till).`,
      { cause }
    );
  }
  throw new StartRefused(
    `The file ${path} does not hold the server's secret; restore it from a backup, or delete it (everybody must then sign in again).`
  );
}

/** A key for one purpose, 32 bytes: who learns it learns nothing of the secret. */
export function deriveKey({
  secret,
  purpose
}: {
  readonly secret: string;
  readonly purpose: string;
}): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `till ${purpose}`, 32));
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function createOnce(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
