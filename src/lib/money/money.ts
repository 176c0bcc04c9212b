/**
 * Money, as the rest of the program meets it: whole minor units with a currency (`amount.ts`), and their texts for
 * people (`locale-money.ts`). How those read and clean a text stays inside.
 */
export {
  addMinor,
  assertMinor,
  multiplyMinor,
  parseMajorText,
  sumMinor,
  toMajorText,
  type Money,
  type MoneyParsed,
  type MoneyTextProblem
} from './amount';
export { formatMoney, parseMoney } from './locale-money';
