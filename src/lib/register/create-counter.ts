import { currentPrice } from '$lib/catalogue/product';
import type { Journal } from '$lib/journal/journal';
import type { Kept } from '$lib/journal/kept';
import type { OrderEvent } from '$lib/order/events';
import type { Register as RegisterIdentity } from '$lib/wire/shop';
import type { Api } from './api';
import { CashDesk } from './cash-desk.svelte';
import { Counter } from './counter.svelte';
import type { CounterParts } from './counter-parts';
import { noDrawer } from './drawer';
import { LooseScans } from './loose-scans';
import type { PaymentParts } from './payment-parts';
import type { Clock, NewId } from './ports';
import type { ShopSession } from './shop-session.svelte';
import type { Sounds } from './sounds';
import { tellOrder } from './tell-order';

/**
 * Puts a counter together for one register in one epoch, and what keeps its loose scans.
 *
 * @param running ends what goes on in the background when the page goes
 */
export function createCounter({
  journal,
  kept,
  identity,
  shopSession,
  api,
  clock,
  newId,
  sounds,
  running,
  changes,
  onHeard,
  walletBlock,
  isAsking,
  onWaitingChanged
}: {
  readonly journal: Journal;
  readonly kept: Kept;
  readonly identity: RegisterIdentity;
  readonly shopSession: ShopSession;
  readonly api: Api;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sounds: Sounds;
  readonly running: AbortSignal;
  readonly changes: PaymentParts['changes'];
  readonly onHeard: PaymentParts['onHeard'];
  readonly walletBlock: CounterParts['walletBlock'];
  readonly isAsking: CounterParts['order']['isAsking'];
  readonly onWaitingChanged: CounterParts['onWaitingChanged'];
}): { readonly counter: Counter; readonly loose: LooseScans } {
  const { session } = shopSession;
  if (session === null) throw new Error('A counter needs a session: load it first.');
  const rates = () => shopSession.catalogue?.taxRates ?? [];
  const tell = (events: readonly OrderEvent[]) => void tellOrder({ api, clock, events, signal: running });
  const productById = (id: string) => shopSession.find?.byId(id) ?? null;
  const counter = new Counter({
    clock,
    order: {
      journal,
      clock,
      newId,
      shop: session.shop,
      identity,
      staff: () => shopSession.cashier.actor,
      priced: (product) => {
        const price = currentPrice(product);
        return {
          productId: product.id,
          priceVersionId: price.id,
          name: product.name,
          unitPriceMinor: price.priceMinor,
          taxRateId: product.taxRateId,
          taxRatePpm: shopSession.find?.taxRateById(product.taxRateId)?.ratePpm ?? 0
        };
      },
      taxRate: (id) => (id === null ? rates()[0] : rates().find((rate) => rate.id === id)) ?? null,
      productById,
      onRedRows: () => loose.keep(),
      isAsking
    },
    payment: { api, journal, clock, newId, changes, onHeard },
    sounds: () => sounds,
    walletBlock,
    isProven: () => shopSession.cashier.proven,
    cash: new CashDesk({ journal, drawer: noDrawer, tellOrder: tell }),
    tellOrder: tell,
    onWaitingChanged,
    keepLoose: () => loose.keep(),
    refreshCatalogue: () => shopSession.refreshCatalogue()
  });
  const loose: LooseScans = new LooseScans({ kept, journal, counter, productById });
  return { counter, loose };
}
