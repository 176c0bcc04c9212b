/**
 * The codes that a scanner is calibrated by. Each begins and ends with the same digits: wherever these come twice, the
 * code lies between, and what is around it is the scanner's own prefix and suffix.
 */

/** A code to be scanned, with what is known of it. */
export interface CalibrationCode {
  readonly text: string;
  /** So many characters stand at the beginning and once more at the end. */
  readonly anchorLength: number;
}

const digits = '0123456789';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
// No dead keys (^ ~ `) and no quotes: what they become hangs on the key after them.
const signs = '-._/:?=&%+#,;()[]@$*!';

/** Every class of character that a payment code, a product's code or a web address has; drawn as a QR code. */
export const calibrationSquare: CalibrationCode = {
  text: digits + capitals + capitals.toLowerCase() + signs + digits,
  anchorLength: digits.length
};

/** For scanners that read lines only: the digits, and the letters and signs that keyboards of different countries move. */
export const calibrationBars: CalibrationCode = {
  text: `${digits}AMQWYZamqwyz-/+.${digits.slice(0, 4)}`,
  anchorLength: 4
};
