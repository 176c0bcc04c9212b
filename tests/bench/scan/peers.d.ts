/** The peers bring no types of their own. */
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
