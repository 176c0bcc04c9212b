/**
 * The currencies that money can be counted in, and how many decimals each has.
 *
 * Source: ISO 4217, list one (active codes). Codes without a minor unit of their own (metals, testing, special drawing
 * rights) are left out on purpose: nothing can be sold in them. `Intl` is not asked, because its data rounds some
 * currencies to what people use in cash (the Iraqi dinar to 0), while gateways count by ISO.
 */

const codesByExponent: ReadonlyArray<readonly [exponent: number, codes: string]> = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
     COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
     INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
     MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
     STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW']
];

const exponents: ReadonlyMap<string, number> = new Map(
  codesByExponent.flatMap(([exponent, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, exponent])
  )
);

/** Every currency code that this shop system can count in, sorted. */
export const currencyCodes: readonly string[] = [...exponents.keys()].sort();

/**
 * Says whether a text is an active ISO 4217 code with a minor unit, in capitals ("EUR", not "eur").
 */
export function isCurrency(code: string): boolean {
  return exponents.has(code);
}

/**
 * Number of decimals between a currency's major and minor unit: 2 for USD (100 cents), 0 for JPY, 3 for KWD.
 *
 * @throws RangeError when the code is not an active ISO 4217 currency. Guessing 2 would be wrong by a factor of 100.
 */
export function currencyExponent(currency: string): number {
  const exponent = exponents.get(currency);
  if (exponent === undefined) {
    throw new RangeError(
      `Unknown currency ${JSON.stringify(currency)}: expected an active ISO 4217 code in capitals, such as "USD".`
    );
  }
  return exponent;
}
