/** Looks for codes in pictures, in a thread of its own: reading one takes longer than a screen may stand still. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { type PictureAnswer } from './camera-decoder';

const options: ReaderOptions = {
  // What products and wallets wear. More would only mean more misreads.
  formats: [
    'EAN13',
    'EAN8',
    'UPCA',
    'UPCE',
    'Code128',
    'ITF14',
    'DataBar',
    'DataBarExpanded',
    'QRCode',
    'DataMatrix'
  ],
  tryHarder: true,
  maxNumberOfSymbols: 8
};

// From our own server; the package would fetch it from somebody else's.
const ready = prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });

async function read(picture: ImageData): Promise<PictureAnswer> {
  try {
    await ready;
    const found = await readBarcodes(picture, options);
    return {
      ok: true,
      codes: found
        .filter(({ isValid }) => isValid)
        .map(({ bytes, symbologyIdentifier, format }) => ({ bytes, aim: symbologyIdentifier, format }))
    };
  } catch {
    // What was thrown may carry what was read.
    return { ok: false };
  }
}

addEventListener('message', ({ data }: MessageEvent<ImageData>) => {
  void read(data).then((answer) => postMessage(answer));
});
