/** Serves the page of the side-by-side comparison on loopback. Plain Node runs this. */
import { servePage } from '../page-server.ts';

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Readers side by side</title>
<form id="form"><label>Search <input id="search" type="search" value="milk"></label>
<label>Quantity <input id="number" type="number" value="2"></label></form>
<button id="button" type="button">Charge</button>
<dialog id="dialog"><button id="close" type="button">Cancel</button></dialog><ul id="lines"></ul>
<script src="/harness.js"></script></html>`;

export function serveHarness(): ReturnType<typeof servePage> {
  return servePage({ entry: 'tests/bench/scan/harness.ts', html });
}
