import { describe, expect, it } from 'vitest';
import { createClaims } from '../claims';
import { commonReports, hex } from '../hid-reports.fixture';
import { type Scanner, type ScannerTrace, type SerialSettings } from '../port';
import { FakeHid, FakeHidDevice, FakePort, FakeSerial } from './devices.fixture';
import { createHidScanner } from './hid';
import { createSerialScanner } from './serial';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const wanted = { vendorId: 0x05e0, productId: 0x1200 };
const line: SerialSettings = {
  road: 'serial',
  baudRate: 9600,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flowControl: 'none',
  terminator: 'auto',
  idleGapMs: 60
};

function heard(scanner: Scanner): { texts: string[]; traces: ScannerTrace[] } {
  const texts: string[] = [];
  const traces: ScannerTrace[] = [];
  scanner.onScan(({ text }) => texts.push(text));
  scanner.onTrace((trace) => traces.push(trace));
  return { texts, traces };
}
const claims = createClaims<HIDDevice>();
function hidScanner(hid: FakeHid, id = 'a', held = claims): Scanner {
  return createHidScanner({
    id,
    hid: hid.asHid,
    claims: held,
    numbers: wanted,
    settings: { road: 'hid', form: 'auto' },
    onDevice: () => undefined
  });
}
function serialScanner(serial: FakeSerial): Scanner {
  return createSerialScanner({
    id: 's',
    serial: serial.asSerial,
    claims: createClaims(),
    numbers: { vendorId: 0x0c2e, productId: 0x0b6a },
    settings: line,
    onDevice: () => undefined
  });
}
const [cola] = commonReports({ text: '4006381333931', aim: ']E0' });

describe('a HID scanner', () => {
  it('is asked for, opened and read, with the raw report for the test panel', async () => {
    const hid = new FakeHid();
    const device = new FakeHidDevice();
    const scanner = hidScanner(hid);
    const { texts, traces } = heard(scanner);
    expect(await scanner.connect()).toEqual({ ok: false, trouble: 'not_chosen', remedy: 'choose' });
    hid.choice = [device];
    expect(await scanner.connect()).toEqual({ ok: true });
    device.report(cola!, 100);
    device.report(hex('FF'), 140);
    expect(texts).toEqual(['4006381333931']);
    expect(traces.map(({ what, gapMs }) => [what, gapMs])).toEqual([
      ['report', null],
      ['scan', null],
      ['report', 40],
      ['dropped', 0]
    ]);
    expect(traces[0]).toMatchObject({ bytes: cola });
    scanner.destroy();
    await settle();
    expect(device.opened).toBe(false);
    device.opened = true;
    device.report(cola!);
    expect(texts).toHaveLength(1);
  });

  it('loses what was under way when it is pulled out, and comes back by itself', async () => {
    const hid = new FakeHid();
    hid.granted = [new FakeHidDevice()];
    const scanner = hidScanner(hid);
    const { texts, traces } = heard(scanner);
    scanner.reopen();
    await settle();
    const [first] = commonReports({ text: 'x'.repeat(100), aim: ']Q1' });
    hid.granted[0]!.report(first!);
    hid.tell('disconnect', hid.granted[0]!);
    await settle();
    expect(scanner.state).toMatchObject({ state: 'waiting', trouble: 'unplugged', remedy: 'plug_in' });
    expect(traces.at(-1)).toMatchObject({ what: 'dropped', why: 'unplugged' });
    const again = new FakeHidDevice();
    hid.tell('connect', again);
    await settle();
    again.report(cola!);
    expect(texts).toEqual(['4006381333931']);
    scanner.destroy();
  });

  it('says who has it, and what to do', async () => {
    const hid = new FakeHid();
    const device = new FakeHidDevice();
    hid.granted = [device];
    device.refuses = 'NotAllowedError';
    const scanner = hidScanner(hid);
    scanner.reopen();
    await settle();
    expect(scanner.state).toMatchObject({ state: 'waiting', trouble: 'in_use', remedy: 'close_other' });
    scanner.destroy();

    const keyboard = new FakeHidDevice();
    keyboard.collections = [{ usagePage: 0x8c, usage: 1, inputReports: [] }];
    hid.choice = [keyboard];
    const other = hidScanner(hid, 'k');
    expect(await other.connect()).toMatchObject({ trouble: 'keyboard_mode', remedy: 'switch_mode' });
    other.destroy();
  });

  it('leaves a second one of its model to another scanner', async () => {
    const hid = new FakeHid();
    hid.granted = [new FakeHidDevice(), new FakeHidDevice()];
    const held = createClaims<HIDDevice>();
    const scanners = [hidScanner(hid, 'a', held), hidScanner(hid, 'b', held), hidScanner(hid, 'c', held)];
    const texts = scanners.map((scanner) => heard(scanner).texts);
    for (const scanner of scanners) scanner.reopen();
    await settle();
    expect(scanners.map(({ state }) => state.state)).toEqual(['ready', 'ready', 'needs_you']);
    hid.granted[0]!.report(cola!);
    hid.granted[1]!.report(cola!);
    expect(texts.map(({ length }) => length)).toEqual([1, 1, 0]);
    for (const scanner of scanners) scanner.destroy();
  });

  it('of Honeywell is told after each opening to send its scans here', async () => {
    const hid = new FakeHid();
    const device = new FakeHidDevice(0x0c2e);
    hid.choice = [device];
    const scanner = hidScanner(hid, 'h');
    await scanner.connect();
    await scanner.disconnect();
    scanner.reopen();
    await settle();
    expect(device.features).toEqual([
      [254, 1],
      [254, 1]
    ]);
    scanner.destroy();
  });
});

describe('a serial scanner', () => {
  it('is read whatever the pieces, and closes without hanging', async () => {
    const serial = new FakeSerial();
    const port = new FakePort();
    serial.choice = port;
    const scanner = serialScanner(serial);
    const { texts } = heard(scanner);
    expect(await scanner.connect()).toEqual({ ok: true });
    expect(port.opens[0]).toEqual({
      baudRate: 9600,
      dataBits: 8,
      parity: 'none',
      stopBits: 1,
      flowControl: 'none'
    });
    for (const piece of ['40063', '81333931\r', '\n963850', '74\r\n']) port.send(piece);
    await settle();
    expect(texts).toEqual(['4006381333931', '96385074']);
    await scanner.disconnect();
    expect(port.readable).toBeNull();
    expect(scanner.state).toEqual({ state: 'off' });
    scanner.destroy();
  });

  it('comes back as another port object, and the cut scan is dropped', async () => {
    const serial = new FakeSerial();
    const port = new FakePort();
    serial.ports = [port];
    const scanner = serialScanner(serial);
    const { texts, traces } = heard(scanner);
    scanner.reopen();
    await settle();
    port.send('40063');
    await settle();
    serial.ports = [];
    port.lose();
    await settle();
    expect(scanner.state).toMatchObject({ state: 'waiting', trouble: 'unplugged' });
    expect(traces.at(-1)).toMatchObject({ what: 'dropped', why: 'unplugged' });
    const again = new FakePort();
    serial.ports = [new FakePort(1, 2), again];
    serial.dispatchEvent(new Event('connect'));
    await settle();
    again.send('96385074\r');
    await settle();
    expect(texts).toEqual(['96385074']);
    scanner.destroy();
  });

  it('goes on after a line error, without the scan that it hit', async () => {
    const serial = new FakeSerial();
    const port = new FakePort();
    serial.ports = [port];
    const scanner = serialScanner(serial);
    const { texts } = heard(scanner);
    scanner.reopen();
    await settle();
    port.send('40063');
    await settle();
    port.err();
    await settle();
    port.send('96385074\r');
    await settle();
    expect(texts).toEqual(['96385074']);
    expect(scanner.state).toEqual({ state: 'ready' });
    scanner.destroy();
  });

  it('is opened anew for other settings, and says that another programme has it', async () => {
    const serial = new FakeSerial();
    const port = new FakePort();
    serial.ports = [port];
    const scanner = serialScanner(serial);
    scanner.reopen();
    await settle();
    scanner.configure({ ...line, baudRate: 115_200 });
    await settle();
    await settle();
    expect(port.opens.map(({ baudRate }) => baudRate)).toEqual([9600, 115_200]);
    port.refuses = 'NetworkError';
    scanner.configure(line);
    await settle();
    await settle();
    expect(scanner.state).toMatchObject({ state: 'waiting', trouble: 'in_use', remedy: 'close_other' });
    scanner.destroy();
  });
});
