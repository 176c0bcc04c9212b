/** Pictures to codes, through the worker. */

/** One code in a picture. */
export interface PictureCode {
  readonly bytes: Uint8Array;
  /** Its AIM identifier; may be empty. */
  readonly aim: string;
  /** The symbology's name, for people. */
  readonly format: string;
}

/** What the worker answers to a picture. */
export type PictureAnswer =
  { readonly ok: true; readonly codes: readonly PictureCode[] } | { readonly ok: false };

/** Reads pictures, one at a time. */
export interface PictureDecoder {
  /** @throws when the worker or its wasm could not be fetched. */
  readonly read: (picture: ImageData) => Promise<readonly PictureCode[]>;
  readonly close: () => void;
}

function startWorker(): Worker {
  return new Worker(new URL('./camera-worker.ts', import.meta.url), { type: 'module' });
}

/** Starts the worker. It and its wasm come from our own server. */
export function startPictureDecoder(start = startWorker): PictureDecoder {
  const worker = start();
  // Heard from the start: a worker that can't be fetched says so before the first picture, and never again.
  let failure: Error | null = null;
  let answer: (answer: PictureAnswer | Error) => void = () => undefined;
  worker.onmessage = ({ data }: MessageEvent<PictureAnswer>) => answer(data);
  worker.onerror = () => {
    failure = new Error('The camera’s reader could not be fetched.');
    answer(failure);
  };
  return {
    async read(picture) {
      if (failure !== null) throw failure;
      const answered = new Promise<PictureAnswer | Error>((resolve) => {
        answer = resolve;
      });
      worker.postMessage(picture, [picture.data.buffer]);
      const given = await answered;
      if (given instanceof Error) throw given;
      if (!given.ok) throw new Error('The camera’s reader could not be started.');
      return given.codes;
    },
    close: () => worker.terminate()
  };
}
