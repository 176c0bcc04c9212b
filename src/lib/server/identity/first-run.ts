/** The first run of a live shop: one link, printed in the terminal, makes the shop and its first admin. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { currencyExponent, isCurrency } from '$lib/money/currency';
import { storeShop } from '$lib/server/catalogue/shop';
import { isTimeZone } from '$lib/server/catalogue/time-zone';
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Staff } from '$lib/wire/shop';
import { maxPasswordLength } from './auth';
import { usernameSchema, type StaffDirectory } from './staff';

/** A business day begins when even the last bar has closed. */
export const usualDayStartMinute = 240;
/** Above this many major units, one scan alone never charges; the shop can change it. */
export const usualOneScanLimitMajor = 100;
export const firstAdminPasswordLength = 10;

/** What the page asks. Every text is a form field's. */
export const firstRunSchema = v.object({
  shopName: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
  address: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200)), ''),
  taxId: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(40)), ''),
  /** Ticked: what was set up in training comes along. */
  carryOver: v.optional(v.string()),
  currency: v.pipe(v.string(), v.check(isCurrency)),
  timeZone: v.pipe(v.string(), v.check(isTimeZone)),
  taxMode: v.picklist(['included', 'added']),
  /** Percent, at most four decimals: `7.25`, `7,25`. */
  taxPercent: v.pipe(
    v.string(),
    v.trim(),
    v.regex(/^\d{1,2}([.,]\d{1,4})?$|^100$/),
    v.transform(ppmOfPercent)
  ),
  locale: v.pipe(v.string(), v.transform(localeOrUsual)),
  adminName: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
  username: usernameSchema,
  password: v.pipe(v.string(), v.minLength(firstAdminPasswordLength), v.maxLength(maxPasswordLength))
});

export type FirstRunAnswers = v.InferOutput<typeof firstRunSchema>;
export type FirstRunField = keyof FirstRunAnswers;

export interface FirstRun {
  /** The link for the terminal. */
  readonly url: string;
  /** True for the link's token, until the admin was made. */
  isOpen(token: string): boolean;
  /** True once the shop and its admin were made. */
  isDone(): boolean;
  /**
   * Makes the shop, its tax rate and its admin, and shuts the link.
   *
   * @returns null where the link is shut or never was
   */
  complete(with_: { readonly token: string; readonly answers: FirstRunAnswers }): Promise<Staff | null>;
}

export function createFirstRun({
  origin,
  ledger,
  staff,
  token = randomBytes(32).toString('base64url')
}: {
  readonly origin: string;
  readonly ledger: Ledger;
  readonly staff: StaffDirectory;
  readonly token?: string;
}): FirstRun {
  const expected = digest(token);
  let open = true;
  let done = false;

  function isOpen(given: string): boolean {
    return open && timingSafeEqual(digest(given), expected);
  }

  return {
    url: `${origin}/first-run?token=${token}`,
    isOpen,
    isDone: () => done,
    async complete({ token: given, answers }) {
      if (!isOpen(given)) return null;
      // Shut before the first wait: the form sent twice makes one admin.
      open = false;
      try {
        await ledger.transaction(async (trx) => {
          // A first try may have ended between the shop and its admin; nothing can have been sold since.
          await trx.deleteFrom('shop').execute();
          await storeShop({
            db: trx,
            shop: {
              name: answers.shopName,
              address: answers.address,
              taxId: answers.taxId,
              currency: answers.currency,
              timeZone: answers.timeZone,
              dayStartsAtMinute: usualDayStartMinute,
              taxMode: answers.taxMode,
              locale: answers.locale,
              oneScanLimitMinor: usualOneScanLimitMajor * 10 ** currencyExponent(answers.currency),
              embeddedPatterns: []
            }
          });
          await trx
            .insertInto('tax_rates')
            .values({ id: 'standard', name: 'Standard', rate_ppm: answers.taxPercent })
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ rate_ppm: answers.taxPercent }))
            .execute();
        });
        const admin = await staff.create({
          username: answers.username,
          name: answers.adminName,
          role: 'admin',
          password: answers.password
        });
        done = true;
        return admin;
      } catch (error) {
        open = true;
        throw error;
      }
    }
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Parts per million of a percentage, digit by digit: no floats near money. */
function ppmOfPercent(text: string): number {
  const [whole = '0', decimals = ''] = text.replace(',', '.').split('.');
  return Number(whole) * 10_000 + Number(decimals.padEnd(4, '0'));
}

function localeOrUsual(text: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text.trim())[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}
