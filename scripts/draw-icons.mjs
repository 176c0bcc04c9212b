/** Draws the icons of the installed app from their SVG: `node scripts/draw-icons.mjs`, after changing one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { findChromium, isRoot } from './lib/browser.mjs';
import { inProject } from './lib/project.mjs';

const drawn = [
  { svg: 'icon.svg', png: 'icon-192.png', size: 192 },
  { svg: 'icon.svg', png: 'icon-512.png', size: 512 },
  { svg: 'icon-maskable.svg', png: 'icon-maskable-512.png', size: 512 },
  { svg: 'icon-maskable.svg', png: 'apple-touch-icon.png', size: 180 }
];

const found = findChromium();
const browser = await chromium.launch({
  ...(found && found.from !== 'playwright' ? { executablePath: found.path } : {}),
  args: isRoot() ? ['--no-sandbox'] : []
});
try {
  const page = await browser.newPage();
  for (const { svg, png, size } of drawn) {
    const source = readFileSync(inProject('static', svg)).toString('base64');
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>*{margin:0}</style><img src="data:image/svg+xml;base64,${source}" width="${size}" height="${size}">`
    );
    writeFileSync(inProject('static', png), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
