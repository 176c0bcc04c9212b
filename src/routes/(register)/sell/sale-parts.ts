/**
 * The parts of a sale that the first paint does without. They are fetched as soon as the screen stands and has nothing to
 * do: nothing waits for them when it is needed, and nothing is fetched at the moment at which money moves.
 */

/** Fetches one part. */
export type Part = () => Promise<unknown>;

/** Those of the sell screen, what is needed first in front. */
export const saleParts: readonly Part[] = [
  () => import('$lib/ui/pay/stage.svelte'),
  () => import('$lib/ui/pay/pretend-row.svelte'),
  () => import('$lib/ui/sell/last-sale-line.svelte'),
  () => import('$lib/ui/sell/tray-chips.svelte'),
  () => import('$lib/ui/sell/tray-banner.svelte'),
  () => import('$lib/ui/sell/order-menu.svelte'),
  () => import('$lib/ui/sell/age-question.svelte'),
  () => import('$lib/ui/pay/held-row.svelte'),
  () => import('$lib/ui/cash/cash-stage.svelte'),
  () => import('$lib/ui/cash/tender-rows.svelte'),
  () => import('$lib/register/sales'),
  () => import('./dialogs.svelte'),
  () => import('$lib/ui/sell/other-item-dialog.svelte'),
  () => import('$lib/ui/sell/discount-dialog.svelte'),
  () => import('$lib/ui/receipt-dialog.svelte'),
  () => import('$lib/ui/sell/scanned-order.svelte'),
  () => import('$lib/ui/sell/read-twice.svelte'),
  () => import('$lib/ui/sell/add-now-form.svelte'),
  () => import('$lib/ui/cash/tender-back-dialog.svelte'),
  () => import('$lib/ui/cash/manager-dialog.svelte'),
  () => import('$lib/ui/cash/drawer-dialog.svelte'),
  () => import('$lib/register/move-cash'),
  () => import('$lib/ui/people/lock-screen.svelte'),
  () => import('$lib/ui/person-menu-items.svelte'),
  () => import('$lib/ui/sign-out-dialog.svelte'),
  () => import('$lib/ui/sell/other-tab.svelte'),
  () => import('$lib/ui/sell/phase-screen.svelte')
];

/** At the latest then, however busy the screen is. */
const atTheLatestMs = 3000;

/** What did not arrive is asked for again after so long: a network that comes back brings it before it is needed. */
const againMs = 5000;

/**
 * Fetches parts one by one, each when the page is idle, so that none holds up a scan. What does not arrive is asked for
 * again, after all the others.
 *
 * @returns ends it
 */
export function prepareLater(parts: readonly Part[]): () => void {
  let ended = false;
  void (async () => {
    for (let left = parts; left.length > 0;) {
      const missing: Part[] = [];
      for (const part of left) {
        await idle();
        if (ended) return;
        await part().catch(() => missing.push(part));
      }
      left = missing;
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  })();
  return () => {
    ended = true;
  };
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no word for it
    if (typeof requestIdleCallback === 'function')
      requestIdleCallback(() => resolve(), { timeout: atTheLatestMs });
    else setTimeout(resolve, 50);
  });
}
