/** One report of a HID scanner, read. Pure: bytes in, the piece of a scan out, or null for a report that makes no sense. */
import { commonLayout, newlandLayout, readField, type BitField, type HidLayout } from './hid-layout';
import { isAim } from './scan';

/** A piece of a scan. */
export interface HidPiece {
  readonly aim: string | null;
  readonly bytes: Uint8Array;
  /** More of the same code follows. Some firmware says so at the end of a code too. */
  readonly continued: boolean;
}

/**
 * Reads a HID POS report.
 *
 * @param bytes  without the report's id.
 * @param layout  by the device's description; null where it has none: then the common layouts are tried.
 * @returns null for a report that is too short, claims more than it has, or is empty.
 */
export function readPosReport({
  bytes,
  layout
}: {
  readonly bytes: Uint8Array;
  readonly layout: HidLayout | null;
}): HidPiece | null {
  const known = layout ?? (readAim(bytes, commonLayout.aim) === null ? newlandLayout : commonLayout);
  const { byteCount, data, continued } = known;
  const claimed = byteCount === null ? null : readField(bytes, byteCount);
  if (byteCount !== null && (claimed === null || claimed > data.length)) return null;

  const read: number[] = [];
  for (const field of claimed === null ? data : data.slice(0, claimed)) {
    const byte = readField(bytes, field);
    if (byte === null) {
      // Without a byte count a short report is all that there is.
      if (claimed !== null) return null;
      break;
    }
    read.push(byte);
  }
  if (claimed === null) while (read.at(-1) === 0) read.pop();
  if (read.length === 0) return null;
  return {
    aim: readAim(bytes, known.aim),
    bytes: Uint8Array.from(read),
    continued: continued !== null && readField(bytes, continued) === 1
  };
}

function readAim(bytes: Uint8Array, fields: readonly BitField[]): string | null {
  const text = fields.map((field) => String.fromCharCode(readField(bytes, field) ?? 0)).join('');
  return isAim(text) ? text : null;
}

// The symbology behind the data: one byte for EAN and UPC, `00 xx 0B` for the others.
const ibmRetail: ReadonlyMap<number, string> = new Map([
  [0x0d, ']E0'], // UPC-A
  [0x16, ']E0'], // EAN-13
  [0x0a, ']E0'], // UPC-E
  [0x0c, ']E4'] // EAN-8
]);
const ibmOthers: ReadonlyMap<number, string> = new Map([[0x18, ']C0']]);
const ibmHead = 4;
const ibmFromScanner = 0x10;

/**
 * Reads a report of an IBM hand-held scanner: `[N][10 03 00][data][symbology]`, where N counts itself, and digits come as
 * ASCII or as the numbers 0 to 9.
 */
export function readIbmReport(bytes: Uint8Array): HidPiece | null {
  const length = bytes[0] ?? 0;
  // A report without data tells the scanner's status.
  if (length <= ibmHead + 1 || length > bytes.length || bytes[1] !== ibmFromScanner) return null;
  const body = bytes.subarray(ibmHead, length);
  const last = body.at(-1) ?? 0;
  const retail = ibmRetail.get(last);
  if (retail !== undefined) {
    const digits = asciiDigits(body.subarray(0, -1));
    return digits === null ? null : { aim: retail, bytes: digits, continued: false };
  }
  if (body.length <= 3 || last !== 0x0b || body.at(-3) !== 0) return null;
  const data = body.subarray(0, -3);
  return {
    aim: ibmOthers.get(body.at(-2) ?? 0) ?? null,
    bytes: asciiDigits(data) ?? data.slice(),
    continued: false
  };
}

/** Digits as ASCII; null where the bytes are not all digits of one kind. */
function asciiDigits(bytes: Uint8Array): Uint8Array | null {
  if (bytes.every((byte) => byte <= 9)) return bytes.map((byte) => byte + 0x30);
  return bytes.every((byte) => byte >= 0x30 && byte <= 0x39) ? bytes.slice() : null;
}
