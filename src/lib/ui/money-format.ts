import { formatMoney } from '$lib/money/money';

/** The shop's currency and how its people write amounts: handed to every component that shows many of them. */
export interface MoneyFormat {
  readonly currency: string;
  readonly locale: string;
}

/** With the currency's sign: totals, buttons, the stage. */
export function withSign(amountMinor: number, { currency, locale }: MoneyFormat): string {
  return formatMoney({ amountMinor, currency, locale });
}

/** Without it: tiles, lines, tables, where the currency is clear. */
export function withoutSign(amountMinor: number, { currency, locale }: MoneyFormat): string {
  return formatMoney({ amountMinor, currency, locale, symbol: false });
}
