/** What the scanners that are opened as devices have in common: a connection. The keyboard does without it. */
import { Connection, type DeviceDriver } from '../connection';
import { type Feed } from '../feed';
import { type CameraControls, type Scanner, type ScannerSettings } from '../port';
import { type Scan } from '../scan';
import { type DeviceTime, type Tracer } from './road-parts';

/** Puts a scanner together from a driver and its feeds. */
export function scannerOf<Device>({
  road,
  driver,
  time,
  scans,
  tracer,
  configure,
  onDestroy = () => undefined,
  camera = null
}: {
  readonly road: Scanner['road'];
  readonly driver: DeviceDriver<Device>;
  readonly time: DeviceTime;
  readonly scans: Feed<Scan>;
  readonly tracer: Tracer;
  /** Takes the settings; true when the device has to be opened anew for them. */
  readonly configure: (settings: ScannerSettings) => boolean;
  readonly onDestroy?: () => void;
  readonly camera?: CameraControls | null;
}): Scanner {
  const connection = new Connection({ driver, time });
  return {
    road,
    get state() {
      return connection.state;
    },
    onState: (listener) => connection.onState(listener),
    onScan: (listener) => scans.listen(listener),
    onTrace: (listener) => tracer.feed.listen(listener),
    connect: () => connection.connect(),
    reopen: () => connection.reopen(),
    disconnect: () => connection.disconnect(),
    configure(settings) {
      if (configure(settings)) connection.restart();
    },
    destroy() {
      connection.destroy();
      scans.close();
      tracer.feed.close();
      onDestroy();
    },
    camera
  };
}
