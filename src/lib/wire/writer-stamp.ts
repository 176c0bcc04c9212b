/** Which writer of a register sends a request: of several tabs of one browser only the newest may move money. */

/** Header of every request of a register's page. */
export const writerHeader = 'till-writer';

export interface WriterStamp {
  /** The register's epoch, as its journal counts it. */
  readonly epoch: number;
  /** Raised whenever a tab becomes the one that writes. */
  readonly term: number;
}

/** `2.17`: epoch 2, term 17. */
export function writeWriterStamp({ epoch, term }: WriterStamp): string {
  return `${epoch}.${term}`;
}

/** @returns null for what is no stamp */
export function readWriterStamp(text: string): WriterStamp | null {
  const [, epoch, term] = /^([1-9]\d{0,9})\.([1-9]\d{0,14})$/.exec(text) ?? [];
  return epoch === undefined || term === undefined ? null : { epoch: Number(epoch), term: Number(term) };
}
