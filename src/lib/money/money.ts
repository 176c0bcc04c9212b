/**
 * Money, as the rest of the program meets it: whole minor units with a currency (`amount.ts`), and their texts for
 * people (`locale-money.ts`). What people type is read by `typed-money.ts`, imported only where somebody types.
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
export { formatMoney } from './locale-money';
