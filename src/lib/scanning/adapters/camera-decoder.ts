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

/** Starts the worker. It and its wasm come from our own server. */
export function startPictureDecoder(): PictureDecoder {
  const worker = new Worker(new URL('./camera-worker.ts', import.meta.url), { type: 'module' });
  return {
    read: (picture) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<PictureAnswer>) => {
          if (data.ok) resolve(data.codes);
          else reject(new Error('The camera’s reader could not be started.'));
        };
        worker.onerror = () => reject(new Error('The camera’s reader could not be fetched.'));
        worker.postMessage(picture, [picture.data.buffer]);
      }),
    close: () => worker.terminate()
  };
}
