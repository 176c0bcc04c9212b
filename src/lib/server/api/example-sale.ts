/** The small sale that the examples tell of: who, where, what, and the numbers of it all. */
import type { Shop } from '$lib/wire/shop';

export const orderId = '0190f3c81a7b4d5e8f60718293a4b5c6';
export const attemptId = '5b3d9a17c0e84f6299d41e7af0b8c253';
export const refundId = 'c41f7e0d2b6a4890b1d35f8e9a7c6042';
export const lineId = '9e8d7c6b5a4f4e3d8c2b1a0f9e8d7c6b';
export const at = '2026-11-23T09:14:05.120Z';
export const by = { staffId: 'u-maria', name: 'Maria' };
const merchantOrderNo = 'T5QCX8BQ0XTG9WAPT1FX8F1EK2';

export const staff = { staffId: 'u-maria', name: 'Maria', username: 'maria', role: 'cashier' } as const;
export const register = { registerId: 'r-1', code: 'T1', name: 'Front', epoch: 1 };
export const shop: Shop = {
  name: 'Corner & Co',
  address: '1 High Street',
  taxId: '',
  currency: 'USD',
  timeZone: 'Europe/Berlin',
  dayStartsAtMinute: 240,
  taxMode: 'included',
  locale: 'en-US',
  oneScanLimitMinor: 10_000,
  embeddedPatterns: []
};
export const productRow = {
  id: 'butter-croissant',
  name: 'Butter croissant',
  categoryId: 'bakery',
  taxRateId: 'standard',
  priceMinor: 290,
  barcodes: ['4006381333931'],
  active: true,
  pinned: false,
  soldOut: false,
  minimumAge: null,
  needsTidying: false
};
const { needsTidying: _tidy, ...withoutMark } = productRow;
export const newProduct = withoutMark;
export const catalogueProduct = {
  id: 'butter-croissant',
  name: 'Butter croissant',
  category: 'bakery',
  taxRateId: 'standard',
  prices: [{ id: 'butter-croissant-1', priceMinor: 290, validFrom: '2026-01-01T00:00:00.000Z' }],
  barcodes: ['04006381333931'],
  active: true,
  pinned: true,
  soldOut: false,
  minimumAge: null
};
export const lineAdded = {
  kind: 'line_added',
  at,
  by,
  lineId,
  productId: 'butter-croissant',
  priceVersionId: 'butter-croissant-1',
  name: 'Butter croissant',
  unitPriceMinor: 290,
  taxRateId: 'standard',
  taxRatePpm: 100_000,
  quantity: 1
} as const;
export const events = [
  {
    kind: 'order_opened' as const,
    at,
    by,
    orderId,
    number: 'T1-0042',
    registerId: 'r-1',
    epoch: 1,
    currency: 'USD',
    taxMode: 'included' as const
  },
  lineAdded
];
export const payment = {
  attemptId,
  orderId,
  merchantOrderNo,
  state: 'succeeded',
  version: 4,
  failReason: null,
  remedy: null,
  errorCode: null,
  errorText: null,
  amountMinor: 290,
  currency: 'USD',
  codeLast4: '4394',
  wallet: 'Alipay',
  paidMinor: 290,
  offerByMerchantMinor: 0,
  offerByChannelMinor: 0,
  createdAt: at,
  endedAt: '2026-11-23T09:14:07.480Z',
  ageMs: 61_000,
  shopperHasMs: null,
  shopperHadMs: 60_000,
  stopInMs: null,
  nextAskInMs: null,
  lastAskedAt: '2026-11-23T09:14:07.310Z',
  gatewayReachable: true,
  place: 'ended',
  psn: 'P20261123091405',
  codeSeenBefore: false
} as const;
export const refund = {
  refundId,
  attemptId,
  orderId,
  merchantOrderNo: 'TC41F7E0D2B6A4890B1D35F8E9A',
  state: 'refunding' as const,
  version: 2,
  amountMinor: 290,
  currency: 'USD',
  reason: 'Wrong item',
  lines: [{ lineId, quantity: 1 }],
  requestedBy: 'Ada',
  createdAt: '2026-11-23T10:02:11.000Z',
  endedAt: null,
  nextAskInMs: 4_000,
  errorCode: null,
  errorText: null,
  psn: null,
  givenBackMinor: null,
  paidInCash: null
};
export const orderRow = {
  orderId,
  number: 'T1-0042',
  openedAt: at,
  businessDay: '2026-11-23',
  registerCode: 'T1',
  staffName: 'Maria',
  what: 'Butter croissant',
  standing: 'paid',
  wallet: 'Alipay',
  totalMinor: 290,
  paidMinor: 290,
  refundedMinor: 0,
  currency: 'USD'
} as const;
export const timelineEntry = {
  at: '2026-11-23T09:14:07.480Z',
  subject: 'attempt',
  what: 'proven_paid',
  actor: 'worker',
  from: 'paying',
  to: 'succeeded',
  psn: 'P20261123091405',
  code: '0',
  message: null,
  amountMinor: 290
};
export const person = {
  staffId: 'qW3e',
  name: 'Maria',
  username: 'maria',
  role: 'cashier',
  disabled: false,
  pinDigits: 4,
  hasBadge: true
} as const;
export const reconciliation = {
  reconciliationId: 12,
  day: '2026-11-23',
  startedAt: '2026-11-24T03:00:00.000Z',
  endedAt: null,
  startedBy: 'till',
  total: 214,
  compared: 180,
  differences: 0,
  unanswered: 0,
  stillOpen: 1
};
