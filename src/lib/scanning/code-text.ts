/** Bytes of a scan as text. */

const utf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

// What scanners are programmed to send after a code.
const suffixes: ReadonlySet<number> = new Set([0x0d, 0x0a, 0x09]);

/** The bytes as UTF-8, or, where they are not, as Windows-1252, in which every byte means something. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/** The bytes without the CR, LF or Tab that the scanner sends after a code. */
export function withoutSuffix(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && suffixes.has(bytes[end - 1] ?? 0)) end -= 1;
  return bytes.subarray(0, end);
}

/** The parts one after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
