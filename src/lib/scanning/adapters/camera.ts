/** The camera as a scanner: one read per code, until it leaves the picture. */
import { decodeText } from '../code-text';
import { type DeviceDriver } from '../connection';
import { createFeed } from '../feed';
import { createPictureCodes } from '../picture-codes';
import { type CameraControls, type CameraSettings, type Scanner } from '../port';
import { createScan, isAim, type Scan } from '../scan';
import { ScannerFailure } from '../trouble';
import { startPictureDecoder, type PictureCode, type PictureDecoder } from './camera-decoder';
import { scannerOf } from './device-parts';
import { browserTime, createTracer, isNamed, tellScans, type DeviceTime } from './road-parts';

/** Between two looks: a hand holds still for longer, and a tablet stays cool. */
const lookEveryMs = 80;

/**
 * Makes the camera a scanner; it is off until `connect`.
 *
 * @param mediaDevices  `navigator.mediaDevices`.
 * @param startDecoder  reads the pictures; fetched when the camera is switched on.
 */
export function createCameraScanner({
  mediaDevices,
  settings: first,
  startDecoder = startPictureDecoder,
  time = browserTime
}: {
  readonly mediaDevices: MediaDevices;
  readonly settings: CameraSettings;
  readonly startDecoder?: () => PictureDecoder;
  readonly time?: DeviceTime;
}): Scanner {
  const scans = createFeed<Scan>();
  const tracer = createTracer();
  let settings = first;
  let stream: MediaStream | null = null;

  async function takeStream(): Promise<MediaStream> {
    const { deviceId } = settings;
    const usual = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      if (deviceId === null) return await mediaDevices.getUserMedia({ video: usual });
      return await mediaDevices
        .getUserMedia({ video: { ...usual, deviceId: { exact: deviceId } } })
        .catch((error: unknown) => {
          // That camera is gone, or the browser gave it another id.
          if (!isNamed(error, 'OverconstrainedError')) throw error;
          return mediaDevices.getUserMedia({ video: usual });
        });
    } catch (error) {
      if (isNamed(error, 'NotAllowedError', 'SecurityError')) throw new ScannerFailure('blocked', error);
      if (isNamed(error, 'NotFoundError')) throw new ScannerFailure('no_camera', error);
      throw new ScannerFailure(isNamed(error, 'NotReadableError', 'AbortError') ? 'in_use' : 'failed', error);
    }
  }

  const driver: DeviceDriver<MediaStream> = {
    request: takeStream,
    find: takeStream,
    discard: stopFilming,
    isOver: (taken) => taken.getVideoTracks().every(({ readyState }) => readyState === 'ended'),
    async open({ device, signal, onLost }) {
      const [track] = device.getVideoTracks();
      if (track === undefined) throw new ScannerFailure('no_camera');
      const video = document.createElement('video');
      video.muted = video.playsInline = true;
      video.srcObject = device;
      const decoder = startDecoder();
      const lost = (): void => onLost('unplugged');
      track.addEventListener('ended', lost);
      const release = (): void => {
        track.removeEventListener('ended', lost);
        decoder.close();
        video.srcObject = null;
        stopFilming(device);
        if (stream === device) stream = null;
      };
      // a picture that never comes must not keep the camera on
      signal.addEventListener('abort', release, { once: true });
      try {
        await video.play();
        signal.throwIfAborted();
      } catch (error) {
        release();
        throw new ScannerFailure('failed', error);
      }
      stream = device;
      if (settings.torch) await setTorch(true);
      const stop = look({ video, decoder, signal, onFault: () => onLost('failed') });
      return async () => {
        stop();
        release();
      };
    },
    watch(onCame) {
      mediaDevices.addEventListener('devicechange', onCame);
      return () => mediaDevices.removeEventListener('devicechange', onCame);
    }
  };

  /** Looks at the picture over and over. @returns stops. */
  function look({
    video,
    decoder,
    signal,
    onFault
  }: {
    readonly video: HTMLVideoElement;
    readonly decoder: PictureDecoder;
    readonly signal: AbortSignal;
    readonly onFault: () => void;
  }): () => void {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const inPicture = createPictureCodes();
    let stopped = false;
    let cancel: () => void = () => undefined;

    async function once(): Promise<void> {
      const { videoWidth: width, videoHeight: height } = video;
      if (context === null || width === 0) return;
      if (context.canvas.width !== width) context.canvas.width = width;
      if (context.canvas.height !== height) context.canvas.height = height;
      const at = time.now();
      context.drawImage(video, 0, 0);
      const codes = await decoder.read(context.getImageData(0, 0, width, height));
      if (!stopped) tell(codes, at);
    }
    function tell(codes: readonly PictureCode[], at: number): void {
      const named = new Map(codes.map((code) => [`${code.format} ${decodeText(code.bytes)}`, code]));
      for (const name of inPicture.look({ names: [...named.keys()], at })) {
        const code = named.get(name);
        if (code === undefined || code.bytes.length === 0) continue;
        tracer.tell({ what: 'picture', symbology: code.format, bytes: code.bytes, at });
        const text = decodeText(code.bytes);
        const aim = isAim(code.aim) ? code.aim : null;
        tellScans([createScan({ text, bytes: code.bytes, aim, source: 'camera', at })], {
          scans,
          tracer,
          at
        });
      }
    }
    function next(): void {
      if (stopped || signal.aborted) return;
      cancel = time.setTimer(() => {
        once().then(next, onFault);
      }, lookEveryMs);
    }
    next();
    return () => {
      stopped = true;
      cancel();
    };
  }

  function hasTorch(): boolean {
    const capabilities = stream?.getVideoTracks()[0]?.getCapabilities?.() ?? {};
    return 'torch' in capabilities && capabilities.torch === true;
  }
  async function setTorch(on: boolean): Promise<void> {
    if (!hasTorch()) return;
    const light: MediaTrackConstraintSet & { readonly torch: boolean } = { torch: on };
    // A light that can't be switched is no reason to stop reading.
    await stream
      ?.getVideoTracks()[0]
      ?.applyConstraints({ advanced: [light] })
      .catch(() => undefined);
  }

  const camera: CameraControls = {
    get stream() {
      return stream;
    },
    get hasTorch() {
      return hasTorch();
    },
    setTorch,
    async list() {
      const devices = await mediaDevices.enumerateDevices().catch(() => []);
      return devices
        .filter(({ kind }) => kind === 'videoinput')
        .map(({ deviceId, label }) => ({ deviceId, name: label }));
    }
  };

  return scannerOf({
    road: 'camera',
    driver,
    time,
    scans,
    tracer,
    camera,
    configure(next) {
      if (next.road !== 'camera') return false;
      const before = settings;
      settings = next;
      if (next.torch !== before.torch) void setTorch(next.torch);
      return next.deviceId !== before.deviceId;
    }
  });
}

function stopFilming(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
