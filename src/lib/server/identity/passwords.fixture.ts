/** Passwords for tests that are about something else: scrypt takes a tenth of a second and 32 MB for each. */
import { createHash } from 'node:crypto';
import type { Passwords } from './auth';

function digest(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

export const quickPasswords: Passwords = {
  hash: async (password) => digest(password),
  verify: async ({ hash, password }) => hash === digest(password)
};
