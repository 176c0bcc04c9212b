/** A shop of 50,000 products, the same each time. Plain Node and the browser run this. */

export interface BenchProduct {
  readonly id: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly barcode: string;
}

export const productCount = 50_000;

const kinds = ['Beans', 'Rice', 'Soap', 'Juice', 'Bread', 'Candle', 'Coffee', 'Socks', 'Paper', 'Cheese'];
const makers = ['Northmill', 'Aurelia', 'Old Harbour', 'Kestrel', 'Blue Door', 'Fern & Co', 'Maple', 'Osten'];

/** EAN-13 with a right check digit; under 400…, which no shop's own codes and no wallet's use. */
export function barcodeOf(index: number): string {
  const body = `400${String(index).padStart(9, '0')}`;
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return body + String((10 - (sum % 10)) % 10);
}

export function benchProduct(index: number): BenchProduct {
  const kind = kinds[index % kinds.length] ?? '';
  const maker = makers[index % makers.length] ?? '';
  return {
    id: `bench-${index}`,
    name: `${maker} ${kind} ${index}`,
    priceMinor: 99 + (index % 900),
    barcode: barcodeOf(index)
  };
}
