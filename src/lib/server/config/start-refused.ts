/** The server must not start. Remedy: do what {@link StartRefused.safeMessage} says, then start again. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  readonly code = 'START_REFUSED';
  /** One sentence for the terminal; names what is wrong and what to do, never a secret. */
  readonly safeMessage: string;

  constructor(safeMessage: string, options?: { readonly cause: unknown }) {
    super(safeMessage, options);
    this.safeMessage = safeMessage;
  }
}
