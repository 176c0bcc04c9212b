/** `npm run faults:document`: writes docs/faults.md from the catalogue and the results of the last `npm test`. */
import { writeFileSync } from 'node:fs';
import { documentPath, faultDocument, gapsOf, readCatalogue, readTests } from './lib/fault-document.mjs';
import { formatted } from './lib/formatted.mjs';
import { giveUp, say } from './lib/run.mjs';

const catalogue = readCatalogue();
const tests = readTests();
if (tests === undefined) giveUp('There are no results of a whole run: run "npm test" first.');
for (const gap of gapsOf({ catalogue, tests })) say(gap);
writeFileSync(documentPath, await formatted(documentPath, faultDocument({ catalogue, tests })));
say('docs/faults.md is written.');
