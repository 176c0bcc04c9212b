import { describe, expect, it } from 'vitest';
import { type Scanner } from '../port';
import { createCameraScanner } from './camera';

/** A browser that asks whether the page may film, and how many of its cameras film. */
class FakeCameras extends EventTarget {
  filming = 0;
  readonly prompt = Promise.withResolvers<undefined>();

  async getUserMedia(): Promise<unknown> {
    await this.prompt.promise;
    this.filming += 1;
    let live = true;
    const track = {
      stop: () => {
        if (live) this.filming -= 1;
        live = false;
      }
    };
    return { getTracks: () => [track], getVideoTracks: () => [track] };
  }
  /** For what takes the browser's own. */
  get asMediaDevices(): MediaDevices {
    return this as unknown as MediaDevices;
  }
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('a camera', () => {
  const asks = {
    'a press': (camera: Scanner) => void camera.connect(),
    'another try': (camera: Scanner) => camera.reopen()
  };
  for (const [by, ask] of Object.entries(asks)) {
    it(`that ${by} asked for films nobody who left before it was allowed`, async () => {
      const cameras = new FakeCameras();
      const camera = createCameraScanner({
        mediaDevices: cameras.asMediaDevices,
        settings: { road: 'camera', deviceId: null, torch: false }
      });
      ask(camera);
      void camera.disconnect();
      cameras.prompt.resolve(undefined);
      await settle();
      expect(cameras.filming).toBe(0);
      expect(camera.state).toEqual({ state: 'off' });
    });
  }
});
