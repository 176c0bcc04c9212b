import type { Role } from '$lib/wire/basics';
import { m } from '$lib/i18n/generated/messages.js';

export type PageName =
  | 'sell'
  | 'orders'
  | 'today'
  | 'refunds'
  | 'staff'
  | 'products'
  | 'devices'
  | 'registers'
  | 'settings'
  | 'journal';

export interface PageLink {
  readonly name: PageName;
  readonly href: string;
  readonly text: () => string;
  /** False: in the person's menu only. */
  readonly inBar: boolean;
}

/** The pages that a role may open, in the order of the bar. The server checks it again; this only spares a refusal. */
export function pagesFor(role: Role): readonly PageLink[] {
  const pages: PageLink[] = [
    { name: 'sell', href: '/sell', text: m.nav_sell, inBar: true },
    { name: 'orders', href: '/orders', text: m.nav_orders, inBar: true }
  ];
  if (role !== 'cashier') pages.push({ name: 'today', href: '/today', text: m.nav_today, inBar: true });
  if (role === 'admin') {
    pages.push({ name: 'refunds', href: '/refunds', text: m.nav_refunds, inBar: true });
    pages.push({ name: 'products', href: '/products', text: m.nav_products, inBar: true });
    pages.push({ name: 'staff', href: '/staff', text: m.people_nav, inBar: false });
  }
  if (role !== 'cashier')
    pages.push({ name: 'registers', href: '/registers', text: m.registers_title, inBar: false });
  pages.push({ name: 'journal', href: '/journal', text: m.nav_journal, inBar: false });
  if (role === 'admin')
    pages.push({ name: 'settings', href: '/settings', text: m.settings_title, inBar: false });
  pages.push({ name: 'devices', href: '/devices', text: m.nav_devices, inBar: false });
  return pages;
}
