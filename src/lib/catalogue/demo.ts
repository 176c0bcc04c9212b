/**
 * "Corner & Co", a café with a shelf of groceries: what a new installation in training mode sells, and what the tests
 * and the pictures of the documentation show. Its numbers use the GS1 prefix 952 (kept for examples) and a few numbers
 * that are printed in many manuals, in every form that a scanner may send.
 */
import { currencyExponent } from '$lib/money/currency';
import { gtinCheckDigit, toGtin14 } from './gtin';
import type { Catalogue, Category, Product, TaxRate } from './product';

const categories: readonly Category[] = [
  { id: 'coffee', name: 'Coffee', colour: '#8B6B4A' },
  { id: 'bakery', name: 'Bakery', colour: '#C98A2B' },
  { id: 'drinks', name: 'Drinks', colour: '#2F7F86' },
  { id: 'snacks', name: 'Snacks', colour: '#B4573F' },
  { id: 'fresh', name: 'Fresh', colour: '#5E8C3A' },
  { id: 'home', name: 'Home', colour: '#6A6F8F' }
];

const taxRates: readonly TaxRate[] = [
  { id: 'standard', name: 'Standard 10 %', ratePpm: 100_000 },
  { id: 'groceries', name: 'Groceries 5 %', ratePpm: 50_000 }
];

interface Row {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  /** In hundredths of the major unit. */
  readonly cents: number;
  readonly codes?: readonly string[];
  readonly taxRateId?: string;
  readonly minimumAge?: number;
  readonly pinned?: boolean;
  readonly soldOut?: boolean;
  readonly active?: boolean;
}

/** An example GTIN-13 with its check digit. */
function example(item: number): string {
  const body = `952${String(item).padStart(9, '0')}`;
  return body + gtinCheckDigit(body);
}

const groceries = { taxRateId: 'groceries' };

const rows: readonly Row[] = [
  { id: 'flat-white', name: 'Flat white', category: 'coffee', cents: 380 },
  { id: 'cappuccino', name: 'Cappuccino', category: 'coffee', cents: 380 },
  { id: 'americano', name: 'Americano', category: 'coffee', cents: 320 },
  { id: 'filter-coffee', name: 'Filter coffee', category: 'coffee', cents: 260 },
  { id: 'hot-chocolate', name: 'Hot chocolate', category: 'coffee', cents: 400 },

  { id: 'butter-croissant', name: 'Butter croissant', category: 'bakery', cents: 290 },
  { id: 'almond-croissant', name: 'Almond croissant', category: 'bakery', cents: 360 },
  { id: 'cinnamon-roll', name: 'Cinnamon roll', category: 'bakery', cents: 340 },
  // baked in the house: a Code 128 label of its own
  {
    id: 'sourdough-loaf-800-g',
    name: 'Sourdough loaf 800 g',
    category: 'bakery',
    cents: 650,
    codes: ['CC-LOAF-800'],
    ...groceries
  },
  { id: 'banana-bread-slice', name: 'Banana bread slice', category: 'bakery', cents: 320 },

  {
    id: 'sparkling-water-500-ml',
    name: 'Sparkling water 500 ml',
    category: 'drinks',
    cents: 190,
    codes: ['5901234123457']
  },
  {
    id: 'orange-juice-250-ml',
    name: 'Orange juice 250 ml',
    category: 'drinks',
    cents: 280,
    codes: [example(1201)]
  },
  // UPC-A
  {
    id: 'cola-330-ml',
    name: 'Cola 330 ml',
    category: 'drinks',
    cents: 220,
    codes: ['012345678905', example(1202)]
  },
  {
    id: 'green-tea-unsweetened-500-ml',
    name: 'Green tea, unsweetened 500 ml',
    category: 'drinks',
    cents: 240,
    codes: [example(1203)]
  },
  { id: 'kombucha-ginger', name: 'Kombucha ginger', category: 'drinks', cents: 390, codes: [example(1204)] },

  {
    id: 'salted-crisps-150-g',
    name: 'Salted crisps 150 g',
    category: 'snacks',
    cents: 270,
    codes: [example(1301)]
  },
  {
    id: 'dark-chocolate-70',
    name: 'Dark chocolate 70 %',
    category: 'snacks',
    cents: 310,
    codes: ['3046920029759']
  },
  // printed on the bag as UPC-E 04252614
  { id: 'trail-mix-200-g', name: 'Trail mix 200 g', category: 'snacks', cents: 450, codes: ['042100005264'] },
  { id: 'rice-crackers', name: 'Rice crackers', category: 'snacks', cents: 230, codes: [example(1304)] },
  // EAN-8, as on small packs
  { id: 'chewing-gum-mint', name: 'Chewing gum mint', category: 'snacks', cents: 120, codes: ['96385074'] },

  { id: 'bananas', name: 'Bananas', category: 'fresh', cents: 45, ...groceries },
  {
    id: 'apples-bag-of-6',
    name: 'Apples, bag of 6',
    category: 'fresh',
    cents: 390,
    codes: [example(1402)],
    ...groceries
  },
  {
    id: 'whole-milk-1-l',
    name: 'Whole milk 1 l',
    category: 'fresh',
    cents: 180,
    codes: [example(1403)],
    ...groceries
  },
  {
    id: 'free-range-eggs-6',
    name: 'Free-range eggs, 6',
    category: 'fresh',
    cents: 370,
    codes: [example(1404)],
    ...groceries
  },
  { id: 'aa-batteries-4', name: 'AA batteries, 4', category: 'home', cents: 590, codes: [example(1501)] },

  { id: 'espresso', name: 'Espresso', category: 'coffee', cents: 240 },
  { id: 'iced-latte', name: 'Iced latte', category: 'coffee', cents: 420 },
  { id: 'blueberry-muffin', name: 'Blueberry muffin', category: 'bakery', cents: 330 },
  { id: 'cheese-toastie', name: 'Cheese toastie', category: 'bakery', cents: 540, soldOut: true },
  { id: 'lemonade-330-ml', name: 'Lemonade 330 ml', category: 'drinks', cents: 260, codes: [example(1206)] },
  {
    id: 'lager-330-ml',
    name: 'Lager 330 ml',
    category: 'drinks',
    cents: 340,
    codes: [example(1207)],
    minimumAge: 18
  },
  {
    id: 'oat-drink-1-l',
    name: 'Oat drink 1 l',
    category: 'drinks',
    cents: 290,
    codes: [example(1208)],
    ...groceries
  },
  { id: 'oat-bar', name: 'Oat bar', category: 'snacks', cents: 160, codes: [example(1306)] },
  {
    id: 'salted-peanuts-150-g',
    name: 'Salted peanuts 150 g',
    category: 'snacks',
    cents: 210,
    codes: [example(1307)]
  },
  { id: 'lemon', name: 'Lemon', category: 'fresh', cents: 60, ...groceries },
  {
    id: 'butter-250-g',
    name: 'Butter 250 g',
    category: 'fresh',
    cents: 330,
    codes: [example(1406)],
    ...groceries
  },
  {
    id: 'greek-yoghurt-500-g',
    name: 'Greek yoghurt 500 g',
    category: 'fresh',
    cents: 310,
    codes: [example(1407)],
    ...groceries
  },
  { id: 'kitchen-roll-2', name: 'Kitchen roll, 2', category: 'home', cents: 350, codes: [example(1502)] },
  { id: 'dish-soap-500-ml', name: 'Dish soap 500 ml', category: 'home', cents: 260, codes: [example(1503)] },
  { id: 'matches', name: 'Matches', category: 'home', cents: 80, codes: [example(1504)] },
  { id: 'bag', name: 'Bag', category: 'home', cents: 10, pinned: true },
  // out of season: still known to old orders
  { id: 'pumpkin-latte', name: 'Pumpkin latte', category: 'coffee', cents: 460, active: false }
];

/**
 * The demo shop's catalogue.
 *
 * @param currency ISO 4217. Prices keep their digits: 3.80 in dollars or euros, 380 yen, 3.800 dinars.
 * @throws RangeError when the currency is unknown.
 */
export function demoCatalogue({ currency }: { readonly currency: string }): Catalogue {
  const unitsPerCent = 10 ** Math.max(0, currencyExponent(currency) - 2);
  return {
    version: 'demo-1',
    currency,
    categories,
    taxRates,
    products: rows.map((row): Product => ({
      id: row.id,
      name: row.name,
      category: row.category,
      taxRateId: row.taxRateId ?? 'standard',
      prices: [
        { id: `${row.id}-1`, priceMinor: row.cents * unitsPerCent, validFrom: '2026-01-01T00:00:00.000Z' }
      ],
      barcodes: (row.codes ?? []).map((text) => toGtin14({ text }) ?? text),
      active: row.active ?? true,
      pinned: row.pinned ?? false,
      soldOut: row.soldOut ?? false,
      minimumAge: row.minimumAge ?? null
    }))
  };
}
