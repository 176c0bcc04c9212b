import { dirname, resolve } from 'node:path';

/**
 * Which database these settings name: as the server reads them, without asking for anything else to be right.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {{ path: string, folder: string } | { url: string, folder: string }} absolute paths; `folder`: where Till keeps
 *   its own files
 */
export function databaseOf(environment) {
  const live = (environment.CODEPAY_GATEWAY_URL ?? '').trim() !== '';
  const url = environment.DATABASE_URL?.trim() || (live ? 'file:data/till.db' : 'file:data/training.db');
  const path = /^file:(?:\/\/(?=\/))?(.+)$/i.exec(url)?.[1];
  if (path === undefined) return { url, folder: resolve('data') };
  return { path: resolve(path), folder: dirname(resolve(path)) };
}
