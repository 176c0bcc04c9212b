/** The shapes that the API's description names. */
import type * as v from 'valibot';
import {
  cashMovedSchema,
  drawerSchema,
  moveCashSchema,
  returnTenderSchema,
  tenderReturnedSchema,
  tenderViewSchema
} from '$lib/wire/cash';
import { changeSchema, helloSchema } from '$lib/wire/changes';
import {
  deskAttemptSchema,
  deskSchema,
  deskTaskSchema,
  doneTaskSchema,
  reconciliationSchema,
  reconciliationsSchema,
  resolutionSchema,
  resolveAttemptSchema,
  startReconciliationSchema,
  taskDoneSchema
} from '$lib/wire/desk';
import { journalStandingSchema, sendJournalSchema } from '$lib/wire/journal';
import { enrolJournalKeySchema, journalKeysSchema } from '$lib/wire/journal-keys';
import { orderEventSchema } from '$lib/wire/order-events';
import {
  findOrdersSchema,
  orderDetailSchema,
  orderRowSchema,
  storedOrderSchema,
  storeOrderSchema,
  timelineEntrySchema,
  todaySchema
} from '$lib/wire/orders';
import {
  attemptsSchema,
  attemptViewSchema,
  requestPaymentSchema,
  voidPaymentSchema
} from '$lib/wire/payments';
import { importProductsSchema, importReportSchema } from '$lib/wire/product-import';
import {
  addedNowSchema,
  addNowSchema,
  changeProductSchema,
  groupsSchema,
  newProductSchema,
  productDetailSchema,
  productListSchema,
  saveCategorySchema,
  saveTaxRateSchema
} from '$lib/wire/products';
import {
  addPersonSchema,
  changedPersonSchema,
  changePersonSchema,
  peopleHereSchema,
  peopleSchema,
  personSchema,
  takeOverByBadgeSchema,
  takeOverSchema
} from '$lib/wire/people';
import { problemSchema } from '$lib/wire/problems';
import {
  payRefundInCashSchema,
  proofNeededSchema,
  refundViewSchema,
  requestRefundSchema
} from '$lib/wire/refunds';
import {
  comparisonSchema,
  enrolCodeSchema,
  registerNameSchema,
  registersSchema,
  useEnrolCodeSchema
} from '$lib/wire/registers';
import { connectionCheckSchema, openingSchema, saveShopSchema, shopSettingsSchema } from '$lib/wire/settings';
import {
  catalogueSchema,
  enrolRegisterSchema,
  registerSchema,
  sessionSchema,
  shopSchema,
  staffSchema
} from '$lib/wire/shop';
import { signedInSchema, signedOutSchema, signInSchema } from '$lib/wire/sign-in';
import { weekSchema } from '$lib/wire/week';

export const namedSchemas = {
  Problem: problemSchema,
  SignIn: signInSchema,
  SignedIn: signedInSchema,
  SignedOut: signedOutSchema,
  Session: sessionSchema,
  Shop: shopSchema,
  Staff: staffSchema,
  Register: registerSchema,
  EnrolRegister: enrolRegisterSchema,
  Catalogue: catalogueSchema,
  ShopSettings: shopSettingsSchema,
  SaveShop: saveShopSchema,
  ConnectionCheck: connectionCheckSchema,
  Opening: openingSchema,
  ProofNeeded: proofNeededSchema,
  Registers: registersSchema,
  RegisterName: registerNameSchema,
  EnrolCode: enrolCodeSchema,
  UseEnrolCode: useEnrolCodeSchema,
  Comparison: comparisonSchema,
  SendJournal: sendJournalSchema,
  JournalStanding: journalStandingSchema,
  Products: productListSchema,
  Product: productDetailSchema,
  NewProduct: newProductSchema,
  ChangeProduct: changeProductSchema,
  AddNow: addNowSchema,
  AddedNow: addedNowSchema,
  ImportProducts: importProductsSchema,
  ImportReport: importReportSchema,
  Groups: groupsSchema,
  SaveCategory: saveCategorySchema,
  SaveTaxRate: saveTaxRateSchema,
  EnrolJournalKey: enrolJournalKeySchema,
  JournalKeys: journalKeysSchema,
  OrderEvent: orderEventSchema,
  StoreOrder: storeOrderSchema,
  StoredOrder: storedOrderSchema,
  OrderRow: orderRowSchema,
  FoundOrders: findOrdersSchema,
  OrderDetail: orderDetailSchema,
  TimelineEntry: timelineEntrySchema,
  RequestPayment: requestPaymentSchema,
  VoidPayment: voidPaymentSchema,
  Payment: attemptViewSchema,
  Payments: attemptsSchema,
  PayRefundInCash: payRefundInCashSchema,
  RequestRefund: requestRefundSchema,
  Refund: refundViewSchema,
  MoveCash: moveCashSchema,
  CashMoved: cashMovedSchema,
  ReturnTender: returnTenderSchema,
  TenderReturned: tenderReturnedSchema,
  Tender: tenderViewSchema,
  Drawer: drawerSchema,
  TakeOver: takeOverSchema,
  TakeOverByBadge: takeOverByBadgeSchema,
  PeopleHere: peopleHereSchema,
  People: peopleSchema,
  Person: personSchema,
  AddPerson: addPersonSchema,
  ChangePerson: changePersonSchema,
  ChangedPerson: changedPersonSchema,
  Today: todaySchema,
  Week: weekSchema,
  Desk: deskSchema,
  DeskAttempt: deskAttemptSchema,
  DeskTask: deskTaskSchema,
  ResolveAttempt: resolveAttemptSchema,
  Resolution: resolutionSchema,
  FinishTask: doneTaskSchema,
  TaskDone: taskDoneSchema,
  StartReconciliation: startReconciliationSchema,
  Reconciliation: reconciliationSchema,
  Reconciliations: reconciliationsSchema,
  Change: changeSchema,
  Hello: helloSchema
} satisfies Record<string, v.GenericSchema>;

export type SchemaName = keyof typeof namedSchemas;
