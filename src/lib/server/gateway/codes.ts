import type { CodeClass } from './port';

/** A class that is not success. */
export type RefusalClass = Exclude<CodeClass, 'ok'>;

/** One row of the table of codes. */
export interface CodeRow {
  /** As it stands in the answer's `code`. */
  readonly code: string;
  readonly codeClass: RefusalClass;
  /** `known`: seen in the gateway's own material. `assumed`: our guess, to be replaced when a merchant sees the code. */
  readonly standing: 'known' | 'assumed';
  /** Who answers with it: CodePay, or the built-in sandbox gateway. */
  readonly origin: 'codepay' | 'sandbox';
  readonly meaning: string;
}

/**
 * Codes other than "0", as data.
 *
 * CodePay publishes no list. A code is put here only on evidence: a wrong row in class `not_created` would call a payment
 * failed that was made, while an unlisted code costs no more than some seconds of asking. So there are no guesses here
 * now, and `unknown_code` is the class of everything else.
 *
 * Source: the contract's "Codes other than 0"; `E10007` is in the signing vectors.
 */
export const codeTable: readonly CodeRow[] = [
  {
    code: 'E10007',
    codeClass: 'not_created',
    standing: 'known',
    origin: 'codepay',
    meaning: 'Invalid payment code'
  },
  sandbox('SBX_INVALID_CODE', 'not_created', 'The payment code is not one of a wallet'),
  sandbox('SBX_BAD_PARAMETER', 'not_created', 'A field is missing or has a wrong value'),
  sandbox('SBX_AMOUNT_LIMIT', 'not_created', 'The amount is outside the limits'),
  sandbox('SBX_NOT_FOUND', 'not_found', 'No order has this number'),
  sandbox('SBX_DUPLICATE_NUMBER', 'duplicate_number', 'The merchant order number was used'),
  sandbox('SBX_BUSY', 'busy', 'The payment is in progress and cannot be cancelled now'),
  sandbox('SBX_FINAL', 'final_refused', 'The order is already closed or refunded, or was never paid'),
  sandbox('SBX_BALANCE', 'balance', "The merchant's balance is too low for this refund"),
  sandbox('SBX_CLOCK', 'clock', 'The timestamp is more than 15 minutes off'),
  sandbox('SBX_SIGNATURE', 'signature', 'The signature does not verify'),
  sandbox('SBX_MERCHANT', 'merchant', 'The app or the merchant is not known, or may not do this'),
  sandbox('SBX_SYSTEM', 'system', 'System error'),
  sandbox('SBX_UNKNOWN', 'unknown_code', 'A code that no table explains')
];

const classes: ReadonlyMap<string, RefusalClass> = new Map(
  codeTable.map((row): [string, RefusalClass] => [row.code, row.codeClass])
);

/**
 * The class of an answer's code: what the program may conclude from it.
 *
 * @param code as it stands in the answer; compared exactly, because only `"0"` is success
 */
export function classOfCode(code: string): CodeClass {
  if (code === '0') return 'ok';
  return classes.get(code) ?? 'unknown_code';
}

function sandbox(code: string, codeClass: RefusalClass, meaning: string): CodeRow {
  return { code, codeClass, standing: 'known', origin: 'sandbox', meaning };
}
