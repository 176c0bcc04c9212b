import { jsonText, type Fields } from './signing.ts';

/**
 * The sandbox's own codes, one or two for every class of the contract's table:
 * not_created (INVALID_CODE, BAD_PARAMETER, AMOUNT_LIMIT) · not_found · duplicate_number · busy ·
 * final_refused (FINAL) · balance · clock · signature · merchant · system.
 */
export type SandboxCode =
  | 'SBX_INVALID_CODE'
  | 'SBX_BAD_PARAMETER'
  | 'SBX_AMOUNT_LIMIT'
  | 'SBX_NOT_FOUND'
  | 'SBX_DUPLICATE_NUMBER'
  | 'SBX_BUSY'
  | 'SBX_FINAL'
  | 'SBX_BALANCE'
  | 'SBX_CLOCK'
  | 'SBX_SIGNATURE'
  | 'SBX_MERCHANT'
  | 'SBX_SYSTEM';

/** What a call is answered with, before it is numbered and signed. */
export interface Answer {
  readonly code: '0' | SandboxCode;
  readonly msg: string;
  /** JSON text, sent inside a string. */
  readonly data?: string;
}

/** How an answer reaches the caller, or does not. */
export type Reply =
  | { readonly how: 'signed' | 'badly_signed'; readonly answer: Answer }
  | { readonly how: 'reset' }
  | { readonly how: 'late'; readonly afterMs: number; readonly answer: () => Answer };

export function accept(data?: Fields): Answer {
  return data === undefined
    ? { code: '0', msg: 'success' }
    : { code: '0', msg: 'success', data: jsonText(data) };
}

export function refuse(code: SandboxCode, msg: string): Answer {
  return { code, msg };
}
