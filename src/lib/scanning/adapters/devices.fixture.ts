/// <reference types="w3c-web-hid" />
/// <reference types="w3c-web-serial" />
/** `navigator.hid` and `navigator.serial` with the platform's shapes and promises. For tests only. */
import { type HidCollection } from '../hid-layout';
import { commonDevice } from '../hid-reports.fixture';

export class FakeHidDevice extends EventTarget {
  opened = false;
  refuses: string | null = null;
  readonly features: number[][] = [];
  collections: readonly HidCollection[] = commonDevice;
  readonly productName = 'Reader';
  listeners = 0;

  constructor(
    readonly vendorId = 0x05e0,
    readonly productId = 0x1200
  ) {
    super();
  }
  async open(): Promise<void> {
    if (this.refuses !== null) throw new DOMException('Failed to open the device.', this.refuses);
    if (this.opened) throw new DOMException('The device is already open.', 'InvalidStateError');
    this.opened = true;
  }
  async close(): Promise<void> {
    this.opened = false;
  }
  async sendFeatureReport(id: number, bytes: Uint8Array): Promise<void> {
    this.features.push([id, ...bytes]);
  }
  /** As the browser gives it: somewhere inside a larger buffer, which it uses again. */
  report(bytes: Uint8Array, at = performance.now()): void {
    if (!this.opened) return;
    const whole = new Uint8Array(bytes.length + 8).fill(0x39);
    whole.set(bytes, 4);
    const event = new Event('inputreport');
    Object.defineProperties(event, {
      device: { value: this },
      reportId: { value: 2 },
      data: { value: new DataView(whole.buffer, 4, bytes.length) },
      timeStamp: { value: at }
    });
    this.dispatchEvent(event);
    whole.fill(0);
  }
}

export class FakeHid extends EventTarget {
  granted: FakeHidDevice[] = [];
  choice: FakeHidDevice[] = [];
  async getDevices(): Promise<FakeHidDevice[]> {
    return this.granted;
  }
  async requestDevice(): Promise<FakeHidDevice[]> {
    this.granted = [...new Set([...this.granted, ...this.choice])];
    return this.choice;
  }
  tell(type: 'connect' | 'disconnect', device: FakeHidDevice): void {
    this.granted = this.granted.filter((other) => other !== device);
    if (type === 'connect') this.granted.push(device);
    else device.opened = false;
    this.dispatchEvent(Object.assign(new Event(type), { device }));
  }
  /** For what takes the browser's own. */
  get asHid(): HID {
    return this as unknown as HID;
  }
}

export class FakePort extends EventTarget {
  readable: ReadableStream<Uint8Array> | null = null;
  refuses: string | null = null;
  readonly opens: SerialOptions[] = [];
  #line: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(
    readonly vendorId = 0x0c2e,
    readonly productId = 0x0b6a
  ) {
    super();
  }
  getInfo(): SerialPortInfo {
    return { usbVendorId: this.vendorId, usbProductId: this.productId };
  }
  async open(options: SerialOptions): Promise<void> {
    if (this.refuses !== null) throw new DOMException('Failed to open serial port.', this.refuses);
    if (this.readable !== null) throw new DOMException('The port is already open.', 'InvalidStateError');
    this.opens.push(options);
    this.#stream();
  }
  async close(): Promise<void> {
    if (this.readable?.locked === true) throw new TypeError('Cannot close a locked stream');
    this.readable = null;
  }
  send(text: string): void {
    this.#line?.enqueue(new TextEncoder().encode(text));
  }
  /** A line error: the stream ends with it, and the port has a new one. */
  err(): void {
    const line = this.#line;
    this.#stream();
    line?.error(new DOMException('A parity error.', 'ParityError'));
  }
  lose(): void {
    const line = this.#line;
    this.readable = this.#line = null;
    line?.error(new DOMException('The device has been lost.', 'NetworkError'));
  }
  #stream(): void {
    this.readable = new ReadableStream({ start: (controller) => void (this.#line = controller) });
  }
}

export class FakeSerial extends EventTarget {
  ports: FakePort[] = [];
  choice: FakePort | null = null;
  async getPorts(): Promise<FakePort[]> {
    return this.ports;
  }
  async requestPort(): Promise<FakePort> {
    if (this.choice === null) throw new DOMException('No port selected by the user.', 'NotFoundError');
    this.ports.push(this.choice);
    return this.choice;
  }
  get asSerial(): Serial {
    return this as unknown as Serial;
  }
}
