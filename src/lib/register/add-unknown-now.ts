import type { Api } from './api';
import type { CurrentOrder } from './current-order.svelte';
import type { NewId } from './ports';
import type { ShopSession } from './shop-session.svelte';

/** What a cashier types for goods that nobody knows. */
export interface TypedItem {
  readonly name: string;
  readonly unitPriceMinor: number;
}

/**
 * "Add it now": a red row's code becomes a product of the shop, at the typed price, and is sold. Without an answer from
 * Till it is sold as an open price, with who and why. The row stays red until one of the two is done.
 *
 * @returns what the cashier should know of it, or null
 */
export async function addUnknownNow({
  api,
  newId,
  order,
  shopSession,
  rowId,
  item
}: {
  readonly api: Pick<Api, 'addNow'>;
  readonly newId: NewId;
  readonly order: CurrentOrder;
  readonly shopSession: Pick<ShopSession, 'takeProduct'>;
  readonly rowId: string;
  readonly item: TypedItem;
}): Promise<'sold_as_other' | 'known_meanwhile' | null> {
  const barcode = order.unknownText(rowId);
  if (barcode === null) return null;
  const { name, unitPriceMinor: priceMinor } = item;
  // a code that must not be shown can't belong to a product
  const answer = barcode === '' ? null : await api.addNow({ id: newId(), name, priceMinor, barcode });
  // sorted out in another way meanwhile, or the order was cleared
  if (order.unknownText(rowId) === null) return null;
  if (answer?.ok !== true) {
    order.addUnknownNow(rowId, item);
    return barcode === '' ? null : 'sold_as_other';
  }
  const { product, added } = answer.value;
  shopSession.takeProduct(product);
  order.replaceUnknown(rowId, product);
  return added ? null : 'known_meanwhile';
}
