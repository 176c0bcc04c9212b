/** The attempt's number at the gateway, rebuilt from the attempt's id alone (money rule 1). */

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * `T` and the 128 bits of the id in Crockford's base 32: 27 characters, the gateway takes 32.
 *
 * @param id 32 lower-case hex digits
 * @throws RangeError for anything else
 */
export function merchantOrderNoOf(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) throw new RangeError('an id is 32 hex digits');
  let rest = BigInt(`0x${id}`);
  let digits = '';
  for (let place = 0; place < 26; place += 1) {
    digits = crockford.charAt(Number(rest & 31n)) + digits;
    rest >>= 5n;
  }
  return `T${digits}`;
}
