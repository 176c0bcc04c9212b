/**
 * What the benches use of their peers. Types hold without them: they are installed for a bench only, and some bring no types
 * of their own.
 */
declare module 'dexie' {
  export class Dexie {
    constructor(name: string, options: { chromeTransactionDurability: 'default' | 'strict' | 'relaxed' });
    version(number: number): { stores(schema: Readonly<Record<string, string>>): void };
    open(): Promise<unknown>;
    table(name: string): { add(entry: object): Promise<unknown> };
  }
}
declare module 'rxdb/plugins/storage-dexie' {
  export interface RxStorageDexie {
    readonly name: string;
  }
  export function getRxStorageDexie(settings: {
    chromeTransactionDurability: 'default' | 'strict' | 'relaxed';
  }): RxStorageDexie;
}
declare module 'rxdb' {
  import type { RxStorageDexie } from 'rxdb/plugins/storage-dexie';

  export interface RxSchema {
    version: number;
    primaryKey: string;
    type: 'object';
    properties: Readonly<Record<string, { type: 'string' | 'number' | 'object'; maxLength?: number }>>;
    required: readonly string[];
  }
  export function createRxDatabase(options: {
    name: string;
    storage: RxStorageDexie;
    multiInstance: boolean;
  }): Promise<{
    addCollections(
      collections: Readonly<Record<string, { schema: RxSchema }>>
    ): Promise<Record<string, { insert(document: object): Promise<unknown> }>>;
  }>;
}
declare module 'onscan.js' {
  const onScan: {
    attachTo(element: Document, options: Record<string, unknown>): void;
    detachFrom(element: Document): void;
  };
  export default onScan;
}
declare module '@point-of-sale/keyboard-barcode-scanner' {
  export default class KeyboardBarcodeScanner {
    connect(): void;
    addEventListener(name: 'barcode', listener: (read: { value: string }) => void): void;
  }
}
declare module '@point-of-sale/webhid-barcode-scanner' {
  export default class WebHIDBarcodeScanner {
    connect(): Promise<void>;
    addEventListener(name: 'barcode', listener: (read: { value: string }) => void): void;
  }
}
declare module '@point-of-sale/webserial-barcode-scanner' {
  export default class WebSerialBarcodeScanner {
    connect(): Promise<void>;
    addEventListener(name: 'barcode', listener: (read: { value: string }) => void): void;
  }
}
