/** What a register writes down, and what is kept ready from it. */
import type { JournalEntry } from '$lib/chain/entry';
import type { Actor, OrderEvent } from '$lib/order/events';
import type { Remedy } from '$lib/payment/remedy';
import type { AttemptState, FailReason } from '$lib/payment/states';

/** The intent to take money: durable before the request leaves. Of the payment code only its last four characters. */
export interface AttemptRequested {
  readonly attemptId: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly revision: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly codeLast4: string;
}

/** What the server said of an attempt, where it was an end or news after one. */
export interface AttemptSeen {
  readonly attemptId: string;
  /** `refused`: the server turned the request down before it made an attempt; nothing can come of it. */
  readonly state: AttemptState | 'refused';
  readonly version: number;
  readonly failReason: FailReason | null;
  readonly remedy: Remedy | null;
  /** The problem's stable code where it was refused. */
  readonly problem: string | null;
  readonly errorCode: string | null;
  readonly errorText: string | null;
  readonly psn: string | null;
  readonly merchantOrderNo: string | null;
  readonly wallet: string | null;
  readonly paidMinor: number | null;
  readonly offerByMerchantMinor: number;
  readonly offerByChannelMinor: number;
  readonly endedAt: string | null;
}

/** Cash into or out of the drawer that is no sale; 0 where it was only opened. */
export interface CashMoved {
  readonly movementId: string;
  readonly kind: 'pay_in' | 'pay_out' | 'no_sale';
  readonly amountMinor: number;
  readonly currency: string;
  readonly why: string;
  readonly at: string;
  readonly by: Actor;
}

/** The drawer was to spring open. */
export interface DrawerKicked {
  readonly why: 'cash' | 'cash_moved';
  /** False where there is no road to it: a person opens it by hand. */
  readonly sent: boolean;
}

export interface RegisterEnrolled {
  readonly code: string;
  readonly name: string;
  readonly epoch: number;
}

/** The entries of an epoch up to a number, which have left: `hash` is that of the last of them. */
export interface Cut {
  readonly epoch: number;
  readonly upTo: number;
  readonly hash: string;
}

/** What stands in the place of entries that left: where they ended, and what they had made that is not over. */
export interface Checkpoint {
  /** Of every epoch of which entries have left, oldest first. */
  readonly cuts: readonly Cut[];
  /** Orders and attempts as they stood at the cut: what follows there goes on with them. */
  readonly orders: readonly OrderRecord[];
  readonly attempts: readonly AttemptRecord[];
}

/** What can be appended. Number, time and hashes come from the journal. */
export type JournalDraft =
  | { readonly kind: 'order_event'; readonly orderId: string; readonly body: OrderEvent }
  | { readonly kind: 'attempt_requested'; readonly orderId: string; readonly body: AttemptRequested }
  | { readonly kind: 'attempt_seen'; readonly orderId: string; readonly body: AttemptSeen }
  | { readonly kind: 'cash_moved'; readonly orderId: null; readonly body: CashMoved }
  | { readonly kind: 'drawer_kicked'; readonly orderId: string | null; readonly body: DrawerKicked }
  | { readonly kind: 'register_enrolled'; readonly orderId: null; readonly body: RegisterEnrolled };

/** An order as the journal keeps it ready: the list of its events. */
export interface OrderRecord {
  readonly orderId: string;
  readonly number: string;
  /** Milliseconds since 1970, by the register's clock. */
  readonly openedAtMs: number;
  readonly events: readonly OrderEvent[];
  /** 1 while it can be resumed or restored, for the index. */
  readonly waiting: 0 | 1;
}

/** An attempt as the journal keeps it ready. */
export interface AttemptRecord {
  readonly attemptId: string;
  readonly orderId: string;
  readonly requestedAtMs: number;
  readonly requested: AttemptRequested;
  /** Null until its end was seen. */
  readonly seen: AttemptSeen | null;
  /** 1 until its end was seen, for the index. */
  readonly open: 0 | 1;
}

/** An entry that the server has not confirmed yet. */
export type OutboxRecord = Pick<JournalEntry, 'registerId' | 'epoch' | 'seq'>;
