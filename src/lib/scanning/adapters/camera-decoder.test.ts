import { describe, expect, it } from 'vitest';
import { startPictureDecoder, type PictureAnswer } from './camera-decoder';

/** A worker that a test makes answer or fail. */
class FakeWorker {
  onmessage: ((event: { readonly data: PictureAnswer }) => void) | null = null;
  onerror: (() => void) | null = null;
  posted = 0;
  ended = false;

  postMessage(): void {
    this.posted += 1;
  }
  terminate(): void {
    this.ended = true;
  }
  /** For what takes the browser's own. */
  get asWorker(): Worker {
    return this as unknown as Worker;
  }
}

const picture = { data: new Uint8ClampedArray(4) } as unknown as ImageData;
const code = { bytes: new Uint8Array([0x31]), aim: ']E0', format: 'EAN13' };

describe('the reader of pictures', () => {
  it('gives what the worker found, picture after picture', async () => {
    const worker = new FakeWorker();
    const decoder = startPictureDecoder(() => worker.asWorker);
    for (const codes of [[code], []]) {
      const found = decoder.read(picture);
      worker.onmessage?.({ data: { ok: true, codes } });
      expect(await found).toEqual(codes);
    }
    decoder.close();
    expect(worker.ended).toBe(true);
  });

  it('says that its worker could not be fetched, also when that was known before the first picture', async () => {
    const worker = new FakeWorker();
    const decoder = startPictureDecoder(() => worker.asWorker);
    worker.onerror?.();
    await expect(decoder.read(picture)).rejects.toThrow('could not be fetched');
    await expect(decoder.read(picture)).rejects.toThrow('could not be fetched');
    expect(worker.posted, 'nobody would answer').toBe(0);
  });

  it('says that its worker failed while a picture waits for it', async () => {
    const worker = new FakeWorker();
    const decoder = startPictureDecoder(() => worker.asWorker);
    const found = decoder.read(picture);
    worker.onerror?.();
    await expect(found).rejects.toThrow('could not be fetched');
  });

  it('says that the worker could not start to read', async () => {
    const worker = new FakeWorker();
    const decoder = startPictureDecoder(() => worker.asWorker);
    const found = decoder.read(picture);
    worker.onmessage?.({ data: { ok: false } });
    await expect(found).rejects.toThrow('could not be started');
  });
});
