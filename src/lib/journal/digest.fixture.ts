/** SHA-256 without another thread: it comes at no time that a test could know, and takes long where there are thousands. */
import { createHash } from 'node:crypto';
import { vi } from 'vitest';

/**
 * Puts Node's SHA-256 in the place of the browser's, until all mocks are restored.
 *
 * @param ready each digest waits for it
 */
export function digestInThisThread(ready: () => Promise<void> = () => Promise.resolve()): void {
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (algorithm, bytes) => {
    if (algorithm !== 'SHA-256' || !(bytes instanceof Uint8Array))
      throw new TypeError('SHA-256 of bytes was expected');
    await ready();
    return new Uint8Array(createHash('sha256').update(bytes).digest()).buffer;
  });
}
