/** What each shape looks like, from one small sale: T1-0042, a croissant for 2.90. Checked against the shapes. */
import type * as v from 'valibot';
import type { namedSchemas, SchemaName } from './named-schemas';

const orderId = '0190f3c81a7b4d5e8f60718293a4b5c6';
const attemptId = '5b3d9a17c0e84f6299d41e7af0b8c253';
const refundId = 'c41f7e0d2b6a4890b1d35f8e9a7c6042';
const lineId = '9e8d7c6b5a4f4e3d8c2b1a0f9e8d7c6b';
const at = '2026-11-23T09:14:05.120Z';
const by = { staffId: 'u-maria', name: 'Maria' };
const merchantOrderNo = 'T5QCX8BQ0XTG9WAPT1FX8F1EK2';

const staff = { staffId: 'u-maria', name: 'Maria', username: 'maria', role: 'cashier' } as const;
const register = { registerId: 'r-1', code: 'T1', name: 'Front', epoch: 1 };
const shop = {
  name: 'Corner & Co',
  address: '1 High Street',
  taxId: '',
  currency: 'USD',
  timeZone: 'Europe/Berlin',
  dayStartsAtMinute: 240,
  taxMode: 'included',
  locale: 'en-US',
  oneScanLimitMinor: 10_000
} as const;
const productRow = {
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
const { needsTidying: _tidy, ...newProduct } = productRow;
const catalogueProduct = {
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
const lineAdded = {
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
const events = [
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
const payment = {
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
const refund = {
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
  givenBackMinor: null
};
const orderRow = {
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
const timelineEntry = {
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
const person = {
  staffId: 'qW3e',
  name: 'Maria',
  username: 'maria',
  role: 'cashier',
  disabled: false,
  pinDigits: 4
} as const;
const reconciliation = {
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

export const examples: { readonly [Name in SchemaName]?: v.InferInput<(typeof namedSchemas)[Name]> } = {
  Problem: {
    type: 'urn:till:problem:order_busy',
    title: 'Order is being paid',
    status: 409,
    code: 'order_busy',
    detail: 'A payment for this order is still open, so no second one was made. Wait for its result.',
    extra: { heldBy: 'r-2' }
  },
  SignIn: { username: 'maria', password: 'correct horse battery' },
  SignedIn: { staff },
  SignedOut: { ok: true },
  Session: { contractVersion: 1, mode: 'live', shop, staff, register, timeScale: 1 },
  Shop: shop,
  Staff: staff,
  Register: register,
  Registers: {
    registers: [
      {
        registerId: register.registerId,
        code: 'T1',
        name: 'Front',
        epoch: 2,
        enrolledAt: '2026-11-23T07:02:00.000Z',
        enrolledBy: 'Max Weber',
        lastSeenAt: '2026-11-23T10:42:00.000Z',
        waiting: 0,
        lastReceivedAt: '2026-11-23T10:41:58.000Z',
        stopped: false,
        retiredAt: null
      }
    ]
  },
  RegisterName: { name: 'Front' },
  ShopSettings: {
    shop,
    fixed: { currency: true, taxMode: false },
    changes: [{ at: '2026-11-23T08:00:00.000Z', by: 'Ada Okafor', what: 'Tax number: (empty) → DE123456789' }]
  },
  SaveShop: { address: '1 High Street' },
  ConnectionCheck: {
    ok: true,
    steps: { reach: 'good', their_signature: 'good', clock: 'good', our_signature: 'good', merchant: 'good' },
    words: 'All is well.',
    address: 'https://gateway.example',
    training: false,
    at,
    clockOffMs: 400,
    code: '0',
    message: null,
    psn: null
  },
  Opening: { nowMs: 1_795_000_000_000, gateway: 'ok', gatewayClockOffMs: 400 },
  EnrolCode: { code: '7KQM-2XWP', expiresAt: '2026-11-23T10:57:00.000Z' },
  UseEnrolCode: { code: '7KQM-2XWP', epochAbove: 1 },
  Comparison: {
    day: '2026-11-23',
    currency: 'USD',
    checkedAt: '2026-11-24T03:30:00.000Z',
    registers: [
      {
        registerId: register.registerId,
        code: 'T1',
        name: 'Front',
        journal: { count: 41, sumMinor: 51230 },
        ledger: { count: 41, sumMinor: 51230 },
        gateway: { count: 41, sumMinor: 51230 },
        waiting: 0,
        differences: []
      }
    ]
  },
  SendJournal: { epoch: 1, entries: [], waiting: 0 },
  EnrolJournalKey: {
    publicKey:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEx7B0n1mY2m0Jt4dVb5p0rYk2nE8sXgq3w1o6h9f5cUe8L2aQmZr7T1vK4jWb0dSgPy6uNfHiCq3xRlE5oA9tMw=='
  },
  JournalKeys: { keys: [] },
  JournalStanding: {
    registerId: 'b5c60190f3c81a7b4d5e8f60718293a4',
    epoch: 1,
    lastSeq: 57,
    lastHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    stopped: null
  },
  EnrolRegister: { name: 'Front', registerId: null },
  Catalogue: {
    version: '7f3a',
    currency: 'USD',
    products: [catalogueProduct],
    categories: [{ id: 'bakery', name: 'Bakery', colour: '#a05a2c' }],
    taxRates: [{ id: 'standard', name: 'Standard', ratePpm: 100_000 }]
  },
  Products: {
    products: [productRow],
    total: 1,
    page: 1,
    pages: 1,
    counts: { sold: 1, tidy: 0, not_sold: 0 }
  },
  Product: {
    product: productRow,
    prices: [
      { priceMinor: 290, from: at, by: 'Ada Okafor', why: 'supplier' },
      { priceMinor: 280, from: '2026-01-01T00:00:00.000Z', by: null, why: null }
    ]
  },
  NewProduct: { ...newProduct, id: lineId },
  ChangeProduct: { priceMinor: 310, why: 'supplier' },
  AddNow: { id: lineId, name: 'Oat biscuits', priceMinor: 250, barcode: '4006381333931' },
  AddedNow: { product: catalogueProduct, added: true },
  ImportProducts: {
    text: 'EAN;Name;Preis\n4006381333931;Stift blau;2,90',
    separator: ';',
    decimal: ',',
    columns: { barcodes: 0, name: 1, price: 2 },
    dryRun: true
  },
  ImportReport: {
    imported: false,
    rows: 1,
    added: 1,
    changed: 0,
    unchanged: 0,
    newCategories: [],
    badCount: 0,
    bad: []
  },
  Groups: {
    categories: [{ id: 'bakery', name: 'Bakery', colour: '#a05a2c', products: 12 }],
    taxRates: [{ id: 'standard', name: 'Standard', ratePpm: 100_000, products: 40 }]
  },
  SaveCategory: { id: 'bakery', name: 'Bakery', colour: '#a05a2c' },
  SaveTaxRate: { id: 'standard', name: 'Standard', ratePpm: 100_000 },
  OrderEvent: lineAdded,
  StoreOrder: { orderId, revision: 3, events: [...events, { kind: 'order_parked', at, by }] },
  StoredOrder: { orderId, revision: 3, number: 'T1-0042' },
  OrderRow: orderRow,
  FoundOrders: { orders: [orderRow] },
  OrderDetail: {
    ...orderRow,
    events,
    attempts: [payment],
    refunds: [],
    refundableMinor: 290,
    refundPendingMinor: 0,
    timeline: [timelineEntry]
  },
  TimelineEntry: timelineEntry,
  RequestPayment: {
    attemptId,
    orderId,
    revision: 2,
    amountMinor: 290,
    currency: 'USD',
    paymentCode: '(what the scanner read)',
    events
  },
  VoidPayment: { orderId },
  Payment: payment,
  Payments: { attempts: [] },
  RequestRefund: {
    refundId,
    attemptId,
    amountMinor: 290,
    currency: 'USD',
    reason: 'Wrong item',
    lines: [{ lineId, quantity: 1 }],
    password: '(the admin’s own)'
  },
  Refund: refund,
  TakeOver: { staffId: 'qW3e', pin: '4711' },
  PeopleHere: { people: [{ staffId: 'qW3e', name: 'Maria' }] },
  People: { people: [person] },
  Person: person,
  AddPerson: { username: 'maria', name: 'Maria', role: 'cashier', password: 'correct horse battery' },
  ChangePerson: { change: 'disable' },
  MoveCash: {
    movementId: refundId,
    kind: 'pay_in',
    amountMinor: 10_000,
    currency: 'USD',
    why: 'Float for the day',
    at,
    by
  },
  CashMoved: { movementId: refundId },
  ReturnTender: {
    returnId: refundId,
    tenderId: attemptId,
    orderId,
    amountMinor: 290,
    currency: 'USD',
    reason: 'Wrong item',
    password: '(the manager’s own)'
  },
  TenderReturned: { returnId: refundId },
  Tender: {
    tenderId: attemptId,
    kind: 'cash',
    name: null,
    amountMinor: 290,
    roundingMinor: 0,
    givenMinor: 500,
    returnedMinor: 0,
    by: 'Maria',
    at
  },
  Drawer: {
    registerCode: 'T1',
    registerName: 'Front',
    salesMinor: 290,
    paidInMinor: 10_000,
    paidOutMinor: 0,
    givenBackMinor: 0,
    expectedMinor: 10_290,
    openedCount: 0
  },
  Today: {
    day: '2026-11-23',
    currency: 'USD',
    takingsMinor: 290,
    paidOrders: 1,
    averageMinor: 290,
    refundedMinor: 0,
    refundCount: 0,
    before: null,
    byHour: [{ hour: 9, takingsMinor: 290, weekBeforeMinor: 0 }],
    byWallet: [{ wallet: 'Alipay', takingsMinor: 290 }],
    needsYou: [],
    orders: [orderRow]
  },
  Week: {
    currency: 'USD',
    days: [
      {
        day: '2026-11-23',
        takingsMinor: 290,
        paidOrders: 1,
        averageMinor: 290,
        refundedMinor: 0,
        refundCount: 0
      }
    ]
  },
  Desk: { currency: 'USD', tasks: [], attempts: [], openMinor: 0 },
  ResolveAttempt: {
    resolution: 'not_charged',
    why: 'The shopper showed the list of payments: nothing there.'
  },
  Resolution: {
    resolution: 'not_charged',
    why: 'The shopper showed the list of payments: nothing there.',
    by: 'Ada',
    at: '2026-11-23T09:31:00.000Z'
  },
  FinishTask: { why: 'Spoke to the shopper, gave it back.' },
  TaskDone: { done: true },
  StartReconciliation: { day: '2026-11-23' },
  Reconciliation: reconciliation,
  Reconciliations: { reconciliations: [reconciliation] },
  Change: { kind: 'attempt', id: attemptId, version: 4 },
  Hello: { heartbeatMs: 15_000 }
};
