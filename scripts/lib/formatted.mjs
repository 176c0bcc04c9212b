import { format, resolveConfig } from 'prettier';

/** A text as `npm run format` would leave it. @param {string} path @param {string} text @returns {Promise<string>} */
export async function formatted(path, text) {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
