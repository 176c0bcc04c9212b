/** Answers that are errors: problem details (RFC 9457) with one table from code to status and words. */
import * as v from 'valibot';
import type { Problem, ProblemCode } from '$lib/wire/problems';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Said where the caller knows nothing better: what happened, whether money moved, what to do. */
  readonly detail: string;
}

const kinds: Record<ProblemCode, ProblemKind> = {
  bad_request: {
    status: 400,
    title: 'Not understood',
    detail: 'Till could not read this request. No money moved. Reload the page and try again.'
  },
  not_signed_in: {
    status: 401,
    title: 'Not signed in',
    detail: 'Nobody is signed in here any more. No money moved. Sign in and try again.'
  },
  not_allowed: {
    status: 403,
    title: 'Not allowed',
    detail: 'Your role does not include this. No money moved. Ask a manager or an admin.'
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail:
      'There is nothing with this name or number here. This request moved no money. Check it and ask again: a payment that was just sent may still be on its way.'
  },
  wrong_origin: {
    status: 403,
    title: 'Wrong address',
    detail:
      "This request came from a page that is not Till's own. No money moved. Open Till by its own address and try again."
  },
  wrong_password: {
    status: 401,
    title: 'Wrong password',
    detail: 'The username or the password is not right. No money moved. Check them and try again.'
  },
  proof_needed: {
    status: 403,
    title: 'Say again who you are',
    detail: 'This needs your password or PIN once more. No money moved. Give it, then try again.'
  },
  too_many_tries: {
    status: 429,
    title: 'Too many tries',
    detail: 'The password was wrong too often. No money moved. Wait a minute, then try again.'
  },
  contract_changed: {
    status: 409,
    title: 'Page is out of date',
    detail: 'This page is older than the server. No money moved. Reload the page and try again.'
  },
  register_unknown: {
    status: 409,
    title: 'No register',
    detail: 'This browser is not enrolled as a register. No money moved. Ask a manager to enrol it.'
  },
  register_replaced: {
    status: 409,
    title: 'Register enrolled anew',
    detail:
      'This register was enrolled again somewhere else. No money moved by this request. Ask a manager to enrol this browser.'
  },
  tab_replaced: {
    status: 409,
    title: 'Another tab sells now',
    detail:
      'Another tab of this browser sells on this register now. No money moved by this request. Use that tab to go on.'
  },
  order_busy: {
    status: 409,
    title: 'Order is being paid',
    detail: 'A payment for this order is still open, so no second one was made. Wait for its result.'
  },
  already_paid: {
    status: 409,
    title: 'Already paid',
    detail: 'This order is paid. Nothing more was charged. Start a new order for anything else.'
  },
  amount_too_high: {
    status: 409,
    title: 'Amount too high',
    detail: 'This is more than the order still costs. Nothing was charged. Check the total.'
  },
  attempt_conflict: {
    status: 409,
    title: 'Payment differs',
    detail:
      'This payment id was used with another order, amount or code. Nothing more was charged. Start a new payment.'
  },
  attempt_void: {
    status: 409,
    title: 'Payment was shut',
    detail: 'This payment was shut before it arrived. Nothing was charged. Scan a new code.'
  },
  code_used: {
    status: 409,
    title: 'Code was used',
    detail:
      'This payment code was used a moment ago. Nothing more was charged. Ask the shopper for a fresh code.'
  },
  price_changed: {
    status: 409,
    title: 'Price changed',
    detail: 'A price changed since it was scanned. Nothing was charged. Check the new total, then charge.'
  },
  order_conflict: {
    status: 409,
    title: 'Order differs',
    detail: 'The server knows this order differently. Nothing was charged. Reload the page and try again.'
  },
  not_refundable: {
    status: 409,
    title: 'Cannot be refunded',
    detail:
      'This payment has no money to give back. No money moved. Look at the order for the payment that has.'
  },
  refund_too_high: {
    status: 409,
    title: 'Refund too high',
    detail: 'This is more than can still be refunded. No money moved. Choose a smaller amount.'
  },
  order_not_paid: {
    status: 409,
    title: 'Not paid in full',
    detail:
      'This order is not paid in full yet. No money moved. Open it on its register: take the money back there, or let the shopper pay the rest first.'
  },
  refund_in_flight: {
    status: 409,
    title: 'Refund on its way',
    detail: 'Another refund of this payment is still open, so no second one was made. Wait for its result.'
  },
  refund_conflict: {
    status: 409,
    title: 'Refund differs',
    detail:
      'This id was used with another refund or amount, or this refund was paid in cash already. No more money moved. Start a new refund.'
  },
  cancel_unanswered: {
    status: 409,
    title: 'Payment is being stopped',
    detail:
      'A stop of this payment is not answered yet. No refund was made. Wait until it says stopped or paid.'
  },
  not_confirmed: {
    status: 409,
    title: 'Not confirmed',
    detail:
      'The wallet did not say just now that this money is here. No money moved. Look at what it answered, then try again.'
  },
  not_attachable: {
    status: 409,
    title: 'Cannot be attached',
    detail: 'No late money waits on this payment. No money moved. Look at the order.'
  },
  not_resolvable: {
    status: 409,
    title: 'Cannot be written now',
    detail:
      'This payment has ended, is still at the counter, or was written about before. No money moved. Look at the order.'
  },
  task_not_done: {
    status: 409,
    title: 'Still waits for you',
    detail: 'This money still waits for a decision. No money moved. Attach it to its order, or give it back.'
  },
  barcode_wrong: {
    status: 409,
    title: 'Barcode cannot be right',
    detail: 'This barcode can’t be right. Nothing was saved. No money moved. Scan it, or type it again.'
  },
  barcode_taken: {
    status: 409,
    title: 'Barcode is taken',
    detail: 'Another product has this barcode. Nothing was saved. No money moved. Use another one.'
  },
  name_taken: {
    status: 409,
    title: 'Name is taken',
    detail: 'This name is taken. Nothing was saved. No money moved. Choose another one.'
  },
  still_used: {
    status: 409,
    title: 'Still used',
    detail: 'Products still need this. Nothing was removed. No money moved. Give them another one first.'
  },
  setting_fixed: {
    status: 409,
    title: 'Fixed by now',
    detail:
      'Orders or prices depend on this setting already. Nothing was saved. No money moved. Use it as it is, or start a new database for another shop.'
  },
  too_large: {
    status: 413,
    title: 'Too large',
    detail:
      'This request is larger than Till takes. Nothing was saved. No money moved. Give it in smaller parts.'
  },
  person_conflict: {
    status: 409,
    title: 'Not possible for this person',
    detail:
      'This can’t be done for this person now. Nothing was changed, and no money moved. Reload the page and look again.'
  },
  storage_failed: {
    status: 503,
    title: 'Cannot save',
    detail:
      "Till's database can't be used now. This request saved nothing and moved no money. Check the server's disk and that its database runs, then try again."
  },
  server_error: {
    status: 500,
    title: 'Error in Till',
    detail:
      'Something went wrong in Till. If you were charging, do not charge again before its state is shown.'
  }
};

/**
 * An error answer.
 *
 * @param detail for people: what happened, whether money moved, what to do; the code's own words where left out
 * @param extra what a program needs besides, e.g. `heldBy`; never anything secret
 */
export function problem({
  code,
  detail,
  extra,
  headers
}: {
  readonly code: ProblemCode;
  readonly detail?: string | undefined;
  readonly extra?: Record<string, unknown> | undefined;
  readonly headers?: Record<string, string> | undefined;
}): Response {
  const kind = kinds[code];
  const body: Problem = {
    type: `urn:till:problem:${code}`,
    title: kind.title,
    status: kind.status,
    code,
    detail: detail ?? kind.detail,
    ...(extra === undefined ? {} : { extra })
  };
  return new Response(JSON.stringify(body), {
    status: kind.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers }
  });
}

/** The HTTP status that goes with a code. */
export function statusOf(code: ProblemCode): number {
  return kinds[code].status;
}

/** The words that go with a code where the caller knows nothing better. */
export function wordsOf(code: ProblemCode): string {
  return kinds[code].detail;
}

/** A parsed body, or the answer to send instead. */
export type BodyRead<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: Response };

/**
 * Reads a JSON body and checks its shape.
 *
 * The answer to a bad one names the path and the rule, never the value: a payment code or a password may be what is
 * wrong (money rule 10).
 */
export async function readBody<const Schema extends v.GenericSchema>({
  request,
  schema,
  say = {}
}: {
  readonly request: Request;
  readonly schema: Schema;
  /** What to say of a field by its path, where a person can do something about it. */
  readonly say?: Readonly<Record<string, string>>;
}): Promise<BodyRead<v.InferOutput<Schema>>> {
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    return { ok: false, response: badRequest('the body is not JSON') };
  }
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  const detail = say[pathOf(issue)];
  const response =
    detail === undefined ? badRequest(ruleBroken(issue)) : problem({ code: 'bad_request', detail });
  return { ok: false, response };
}

function badRequest(what: string): Response {
  return problem({ code: 'bad_request', detail: `${wordsOf('bad_request')} (${what})` });
}

/** `events.0.lineId: regex`: where and which rule. */
function ruleBroken(issue: v.BaseIssue<unknown>): string {
  const path = pathOf(issue);
  const rule = path !== '' && issue.input === undefined ? 'missing' : issue.type;
  return `${path === '' ? 'body' : path}: ${rule}`;
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).map(({ key }) => safeKey(key)).join('.');
}

/** Keys of our own shapes are short words and numbers; anything else came from the sender. */
function safeKey(key: unknown): string {
  if (typeof key === 'number') return String(key);
  return typeof key === 'string' && /^[a-zA-Z]{1,30}$/.test(key) ? key : '?';
}
