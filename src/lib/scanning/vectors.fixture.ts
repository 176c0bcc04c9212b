/** The scan vectors: for tests only. */
import scans from '../../../tests/vectors/scans.json';

export const vectors: {
  readonly hid: readonly {
    readonly name: string;
    readonly layout: string;
    readonly reports: readonly string[];
    readonly text: string;
    readonly aim: string | null;
  }[];
  readonly paymentCodes: readonly { readonly text: string; readonly wallet: string }[];
  readonly notPaymentCodes: readonly { readonly text: string; readonly aim?: string; readonly is: string }[];
  readonly gtin: { readonly valid: readonly string[]; readonly invalid: readonly string[] };
} = scans;
