/** Pictures of codes for a camera, drawn by the same library that reads them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** A picture of a code as a data address. */
export async function pictureOf(
  text: string,
  format: 'EAN13' | 'EAN8' | 'UPCA' | 'Code128' | 'QRCode'
): Promise<string> {
  const { image, error } = await writeBarcode(text, { format, scale: 3 });
  if (image === null) throw new Error(`The code could not be drawn: ${error}`);
  return `data:image/png;base64,${Buffer.from(await image.arrayBuffer()).toString('base64')}`;
}
