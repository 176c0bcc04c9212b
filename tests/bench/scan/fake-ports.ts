/** One HID scanner and one serial scanner for the page of the comparison, granted already, with the platform's shapes. */

/** The common layout of HID POS: length, AIM identifier, data, and at 62 whether more follows. */
function posReport(text: string): Uint8Array {
  const report = new Uint8Array(63);
  report[0] = text.length;
  report.set(new TextEncoder().encode(']E0'), 1);
  report.set(new TextEncoder().encode(text), 4);
  return report;
}

class FakeHidDevice extends EventTarget {
  readonly vendorId = 0x05f9;
  readonly productId = 0x4204;
  readonly productName = 'Bench scanner';
  readonly collections = [
    { usagePage: 0x8c, usage: 0x02, inputReports: [], outputReports: [], featureReports: [], children: [] }
  ];
  opened = false;
  open(): Promise<void> {
    this.opened = true;
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.opened = false;
    return Promise.resolve();
  }
  sendFeatureReport(): Promise<void> {
    return Promise.resolve();
  }
  read(text: string): void {
    const event = Object.assign(new Event('inputreport'), {
      device: this,
      reportId: 2,
      data: new DataView(posReport(text).buffer)
    });
    this.dispatchEvent(event);
  }
}

class FakePort extends EventTarget {
  readable: ReadableStream<Uint8Array> | null = null;
  readonly writable = null;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  open(): Promise<void> {
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      }
    });
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.readable = null;
    return Promise.resolve();
  }
  getInfo() {
    return { usbVendorId: 0x05f9, usbProductId: 0x4204 };
  }
  read(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(`${text}\r\n`));
  }
}

/** Puts both into the page's `navigator`. @returns what makes them read */
export function installFakePorts(): {
  readonly hid: (text: string) => void;
  readonly serial: (text: string) => void;
} {
  const device = new FakeHidDevice();
  const port = new FakePort();
  const hid = Object.assign(new EventTarget(), {
    getDevices: () => Promise.resolve([device]),
    requestDevice: () => Promise.resolve([device])
  });
  const serial = Object.assign(new EventTarget(), {
    getPorts: () => Promise.resolve([port]),
    requestPort: () => Promise.resolve(port)
  });
  Object.defineProperty(navigator, 'hid', { value: hid, configurable: true });
  Object.defineProperty(navigator, 'serial', { value: serial, configurable: true });
  return { hid: (text) => device.read(text), serial: (text) => port.read(text) };
}
