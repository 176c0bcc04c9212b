/** The register whose journal is handed in, as its token says: never as the entries say. */
export interface JournalSender {
  readonly registerId: string;
  readonly code: string;
  /** The newest epoch whose entries it may hand in; older ones too, they are history. */
  readonly epoch: number;
  /** False: it was enrolled anew elsewhere since, or retired. It hands in what happened, and can do nothing else. */
  readonly current: boolean;
}
