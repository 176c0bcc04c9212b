/** The database can't be opened or brought up to date. Its message is safe to show and says what to do. */
export class LedgerUnavailable extends Error {
  readonly safeMessage: string;
  constructor(safeMessage: string, options?: { cause: unknown }) {
    super(safeMessage, options);
    this.name = 'LedgerUnavailable';
    this.safeMessage = safeMessage;
  }
}

export function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
