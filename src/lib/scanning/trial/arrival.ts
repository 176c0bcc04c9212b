/**
 * What arrived from a scanner, piece by piece, as the test panel shows it. Until it is known what it is, the pieces carry no
 * text: it may be a payment code.
 */
import { type KeyFact } from '../keystroke';
import { type ScannerTrace } from '../port';

/** One key, input event, report or chunk. */
export interface Piece {
  readonly what: 'character' | 'modifier' | 'end' | 'bytes';
  /** Milliseconds since the piece before; null for the first. */
  readonly gapMs: number | null;
  /** The key's name, or the bytes in hex; shown only when the whole is known not to be a secret. */
  readonly label: string;
  /** The key's position, for a layout that puzzles. */
  readonly code: string;
}

const modifiers: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock']);

/** The piece that a trace is, or null for what is none (a verdict, a key that goes up). */
export function pieceOf(trace: ScannerTrace): Piece | null {
  const { gapMs } = trace;
  switch (trace.what) {
    case 'key':
      return keyPiece(trace.fact, gapMs);
    case 'report':
    case 'bytes':
    case 'picture':
      return { what: 'bytes', gapMs, label: hex(trace.bytes), code: '' };
    case 'scan':
    case 'missed':
    case 'dropped':
      return null;
  }
}

function keyPiece(fact: KeyFact, gapMs: number | null): Piece | null {
  if (fact.type === 'keyup') return null;
  if (fact.type === 'input') return { what: 'character', gapMs, label: fact.text, code: '' };
  const { key, code } = fact;
  if (modifiers.has(key)) return { what: 'modifier', gapMs, label: key, code };
  const what = key === 'Enter' || key === 'Tab' ? 'end' : 'character';
  return { what, gapMs, label: key, code };
}

/** Bytes as pairs of hex digits with spaces. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}
