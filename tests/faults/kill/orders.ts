/** What the harness tells the server's process through a file. */
export interface Orders {
  /** The signal that the process gives itself, when this point is reached for the n-th time. */
  readonly at: {
    readonly point: CrashPoint;
    readonly signal: 'SIGKILL' | 'SIGSTOP';
    readonly count?: number;
  } | null;
  /** Where calls to the gateway go; null: where the server sends them. */
  readonly gatewayUrl: string | null;
  /** Where the process runs; null: where it was started. */
  readonly folder: string | null;
}

/** Published by the program on `till.crash-point`, in the order of a payment's life. */
export type CrashPoint =
  | 'after_intent'
  | 'after_submit_commit'
  | 'after_send'
  | 'after_record'
  | 'inbox.before_commit'
  | 'inbox.after_commit'
  | 'after_cancel_commit'
  | 'after_cancel_send'
  | 'after_refund_commit'
  | 'after_refund_send';
