import { createPrivateKey, createPublicKey, generateKeyPair, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface SandboxKeyPair {
  /** PKCS#8. */
  readonly privateKeyPem: string;
  /** SPKI. */
  readonly publicKeyPem: string;
}

const generate = promisify(generateKeyPair);

/** True for a file system's error with this code. */
function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Writes a whole file under its final name, or leaves the one that is there: two starts at once must agree. */
async function createOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function keyPair(dir: string, owner: 'app' | 'gateway'): Promise<SandboxKeyPair> {
  const privatePath = join(dir, `${owner}-private.pem`);
  let privateKeyPem = await readIfThere(privatePath);
  if (privateKeyPem === undefined) {
    const { privateKey } = await generate('rsa', { modulusLength: 2048 });
    await createOnce(privatePath, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    privateKeyPem = await readFile(privatePath, 'utf8');
  }
  let publicKeyPem: string;
  try {
    publicKeyPem = createPublicKey(createPrivateKey(privateKeyPem))
      .export({ type: 'spki', format: 'pem' })
      .toString();
  } catch (error) {
    throw new Error(
      `The training key ${privatePath} cannot be read as a key. It only signs training payments: delete it and start again.`,
      { cause: error }
    );
  }
  await createOnce(join(dir, `${owner}-public.pem`), publicKeyPem);
  return { privateKeyPem, publicKeyPem };
}

/**
 * The generated keys of the training mode: the app's pair and the gateway's, RSA 2048, in `{app,gateway}-{private,public}.pem`
 * below `dir` with file mode 0600. Made at the first call, the same ever after, also when two processes begin at once.
 *
 * @throws when the folder cannot be written, or a key file is no key
 */
export async function loadOrCreateSandboxKeys(
  dir: string
): Promise<{ app: SandboxKeyPair; gateway: SandboxKeyPair }> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const [app, gateway] = await Promise.all([keyPair(dir, 'app'), keyPair(dir, 'gateway')]);
  return { app, gateway };
}
