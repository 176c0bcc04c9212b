/** What each shape looks like, from one small sale: T1-0042, a croissant for 2.90. Checked against the shapes. */
import {
  at,
  attemptId,
  by,
  catalogueProduct,
  events,
  lineAdded,
  lineId,
  newProduct,
  orderId,
  orderRow,
  payment,
  person,
  productRow,
  reconciliation,
  refund,
  refundId,
  register,
  shop,
  staff,
  timelineEntry
} from './example-sale';
import type * as v from 'valibot';
import type { namedSchemas, SchemaName } from './named-schemas';

export const examples: { readonly [Name in SchemaName]?: v.InferInput<(typeof namedSchemas)[Name]> } = {
  Problem: {
    type: 'urn:till:problem:order_busy',
    title: 'Order is being paid',
    status: 409,
    code: 'order_busy',
    detail: 'A payment for this order is still open, so no second one was made. Wait for its result.',
    extra: { heldBy: 'r-2', heldByName: 'Back' }
  },
  SignIn: { username: 'maria', password: 'correct horse battery' },
  SignedIn: { staff },
  SignedOut: { ok: true },
  Session: {
    contractVersion: 1,
    mode: 'live',
    shop,
    staff,
    sessionId: 'kZ8sYq2hQm4vT1xW9cRb0nLd3fGj5pAe',
    register,
    timeScale: 1
  },
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
    refundPinLimitMinor: 5_000,
    keepDays: { from: 30, to: 3650 },
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
  ProofNeeded: { needs: 'pin' },
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
  PayRefundInCash: {
    cashId: '0123456789abcdef0123456789abcdef',
    amountMinor: 290,
    currency: 'USD',
    password: '(the admin’s own)'
  },
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
  TakeOverByBadge: { badge: '(what stands on the card)' },
  PeopleHere: { people: [{ staffId: 'qW3e', name: 'Maria' }] },
  People: { people: [person] },
  Person: person,
  AddPerson: { username: 'maria', name: 'Maria', role: 'cashier', password: 'correct horse battery' },
  ChangePerson: { change: 'disable' },
  ChangedPerson: person,
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
