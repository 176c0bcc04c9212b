/** What an order on the counter is made of. */
import type { Journal } from '$lib/journal/journal';
import type { PricedProduct } from '$lib/order/adding';
import type { Actor, OrderOpened } from '$lib/order/events';
import type { Register as RegisterIdentity, Shop } from '$lib/wire/shop';
import type { CatalogueProduct, Clock, NewId } from './ports';

/** Why the order can't be charged now, or null. */
export type ChargeBlock = 'empty' | 'red_row' | 'age' | 'journal_failed' | 'paying' | 'asking';

export interface OrderParts {
  readonly journal: Pick<Journal, 'append' | 'takeOrderSeq'>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly shop: Pick<Shop, 'currency' | 'taxMode'>;
  readonly identity: RegisterIdentity;
  readonly staff: () => Actor;
  /** The product as it is sold now. */
  readonly priced: (product: CatalogueProduct) => PricedProduct;
  /** A tax rate by id, or the first one for null. */
  readonly taxRate: (id: string | null) => { readonly id: string; readonly ratePpm: number } | null;
  readonly productById: (id: string) => CatalogueProduct | null;
  /** The red rows changed: they are kept for a reload. @returns false where they can't be written */
  readonly onRedRows: () => Promise<boolean>;
  /** True while the server is asked which payments are open: an order from before may have one. */
  readonly isAsking: () => boolean;
}

/** A line whose name and price a person typed, or a label carried. */
export interface NewOpenLine {
  readonly name: string;
  readonly unitPriceMinor: number;
  readonly why: string;
  /** Null: the catalogue's first rate. */
  readonly taxRateId: string | null;
  readonly quantity?: number;
}

/** An order's first event, under this register's next number. */
export function openedOn(
  { identity, shop, journal }: Pick<OrderParts, 'identity' | 'shop' | 'journal'>,
  stamp: Pick<OrderOpened, 'at' | 'by' | 'orderId'>
): OrderOpened {
  const prefix = identity.epoch > 1 ? `${identity.code}.${identity.epoch}` : identity.code;
  return {
    kind: 'order_opened',
    ...stamp,
    number: `${prefix}-${String(journal.takeOrderSeq()).padStart(4, '0')}`,
    registerId: identity.registerId,
    epoch: identity.epoch,
    currency: shop.currency,
    taxMode: shop.taxMode
  };
}
