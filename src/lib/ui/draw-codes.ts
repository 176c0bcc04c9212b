/** Draws an order's number for scanners, as SVG path data: sharp on any paper, and no markup is put into the page. */

export interface CodeDrawing {
  readonly path: string;
  /** In modules of the code; the quiet zone is inside. */
  readonly width: number;
  readonly height: number;
}

/** Bars are Code 128, or EAN-13, EAN-8 and UPC-A as products wear them. */
export type CodeForm = 'square' | 'bars' | 'ean13' | 'ean8' | 'upca';

/** Draws one code. @throws where the text can't be that code: a wrong check digit, a letter in an EAN */
export async function drawCode(text: string, form: CodeForm): Promise<CodeDrawing> {
  const { code128, ean13, ean8, qrcode, upca } = await import('bwip-js/generic');
  const bars = { text, scale: 1, height: 14, includetext: false };
  switch (form) {
    case 'square':
      return qrcode({ bcid: 'qrcode', text, scale: 1, padding: 4 }, pathDrawing());
    case 'bars':
      return code128({ bcid: 'code128', paddingwidth: 10, ...bars }, pathDrawing());
    case 'ean13':
      return ean13({ bcid: 'ean13', paddingwidth: 11, ...bars }, pathDrawing());
    case 'ean8':
      return ean8({ bcid: 'ean8', paddingwidth: 7, ...bars }, pathDrawing());
    case 'upca':
      return upca({ bcid: 'upca', paddingwidth: 9, ...bars }, pathDrawing());
  }
}

/** Loads the drawing library (large, so only where a receipt is) and draws Code 128 and QR. */
export async function drawCodes(
  text: string
): Promise<{ readonly bars: CodeDrawing; readonly square: CodeDrawing }> {
  const [bars, square] = await Promise.all([drawCode(text, 'bars'), drawCode(text, 'square')]);
  return { bars, square };
}

/** Takes the library's lines and polygons and answers one path. Bars are lines there, QR regions polygons. */
function pathDrawing() {
  let path = '';
  let size = { width: 0, height: 0 };
  let left = 0;
  let top = 0;

  return {
    setopts(options: { paddingleft?: number | undefined; paddingtop?: number | undefined }): void {
      left = options.paddingleft ?? 0;
      top = options.paddingtop ?? 0;
    },
    scale(): null {
      return null;
    },
    measure() {
      return { width: 0, ascent: 0, descent: 0 };
    },
    init(width: number, height: number): void {
      size = { width: width + 2 * left, height: height + 2 * top };
    },
    line(x0: number, y0: number, x1: number, y1: number, lineWidth: number): void {
      // always upright here; x is the middle of the line, rounded up where the width is odd
      const width = Math.round(lineWidth) || 1;
      const from = Math.round(x0) - Math.ceil(width / 2) + left;
      path += `M${from} ${Math.min(y0, y1) + top}h${width}v${Math.abs(y1 - y0)}h-${width}z`;
    },
    polygon(points: ReadonlyArray<readonly [number, number]>): void {
      path += `M${points.map(([x, y]) => `${x + left} ${y + top}`).join('L')}z`;
    },
    hexagon(): void {},
    ellipse(): void {},
    fill(): void {},
    text(): void {},
    end(): CodeDrawing {
      return { path, ...size };
    }
  };
}
