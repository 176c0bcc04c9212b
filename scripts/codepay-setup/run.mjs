// The setup itself, on Node 24. See scripts/codepay-setup.mjs.
import { generateKeyPairSync, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { readText, withSettings, writePrivate } from '../lib/env-file.mjs';
import { readOwnSource } from '../lib/own-source.mjs';
import { root } from '../lib/project.mjs';
import { createAsk } from './ask.mjs';
import { readOptions } from './options.mjs';

const read = readOptions(process.argv.slice(2));
if ('stop' in read) stop(read.stop, read.code);
const { values } = read;

readOwnSource();
const source = (name) => import(pathToFileURL(join(root, 'src/lib/server', name)).href);
const { readGatewaySettings } = await source('config/codepay.ts');
const { parsePublicKey } = await source('gateway/keys.ts');
const { GatewayKeyError } = await source('gateway/errors.ts');
const { createGateway } = await source('gateway/client.ts');
const { checkConnection, checkSteps } = await source('gateway/check-connection.ts');

const envPath = resolve(root, values['settings-file']);
const keysFolder = resolve(root, values['keys-dir']);
const privatePath = join(keysFolder, 'app-private.pem');
const publicPath = join(keysFolder, 'app-public.pem');
const gatewayKeyPath = join(keysFolder, 'gateway-public.pem');
const before = parseEnv(readText(envPath));
const ask = values.yes ? null : createAsk();

try {
  await makeKeys();
  const settings = await askSettings();
  await writeEnv(settings);
  const good = values['no-check'] || (await check());
  ask?.close();
  say(
    good
      ? '\nNext: npm start. The terminal shows a link that works once, to make the first admin.'
      : '\nNothing was charged. Correct it, then run this again: what is right already is kept.'
  );
  process.exitCode = good ? 0 : 1;
} catch (error) {
  ask?.close();
  stop(error instanceof Error ? error.message : String(error));
}

/** Step 1: the app's key pair. One that is there is never written over. */
async function makeKeys() {
  mkdirSync(keysFolder, { recursive: true, mode: 0o700 });
  const own = before.CODEPAY_APP_PRIVATE_KEY ?? before.CODEPAY_APP_PRIVATE_KEY_FILE;
  if (!existsSync(privatePath) && own && resolve(root, own) !== privatePath && !values['new-key']) {
    const replace =
      ask === null ? false : await ask.yes('There is a private key in the settings already. Make a new one?');
    if (!replace)
      throw new Error(
        'The settings hold a private key of their own, and it was left as it is. Run this with --new-key to make a new one.'
      );
  }
  const fresh =
    !existsSync(privatePath) ||
    values['new-key'] ||
    (ask !== null &&
      (await ask.yes('There is a key pair from before. Make a new one instead of keeping it?')));
  if (fresh) {
    if (existsSync(privatePath)) {
      const kept = join(keysFolder, `app-private.${new Date().toISOString().replace(/[:.]/g, '-')}.pem`);
      renameSync(privatePath, kept);
      say(`The old private key is kept as ${shown(kept)}.`);
    }
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writePrivate(privatePath, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  const pem = createPublicKey(readFileSync(privatePath)).export({ type: 'spki', format: 'pem' }).toString();
  writeFileSync(publicPath, pem);
  say(`
1. The app's key pair
   The private key lies in ${shown(privatePath)}, for its owner only. Never send it to anybody.
   Paste this public key into CodePay's page of your app (it also lies in ${shown(publicPath)}):

${pem}
   The same in one line, for pages that want it so:

${pem.replace(/-----[^-]+-----|\s/g, '')}
`);
}

/** Step 2: what CodePay gave. */
async function askSettings() {
  if (ask !== null) say('2. What CodePay gave you');
  const one = async (flag, name, question, usual = '') => {
    const given =
      values[flag] ??
      (ask === null ? (before[name] ?? usual) : await ask.text(`   ${question}`, before[name] ?? usual));
    if (given === '') throw new Error(`${name} is missing: give it with --${flag}.`);
    return given;
  };
  const appId = await one('app-id', 'CODEPAY_APP_ID', 'App id');
  const merchantNo = await one('merchant-no', 'CODEPAY_MERCHANT_NO', 'Merchant number');
  const url = await one('url', 'CODEPAY_GATEWAY_URL', "The gateway's address", 'https://gw.codepay.us');
  await takeGatewayKey();
  return { CODEPAY_GATEWAY_URL: url, CODEPAY_APP_ID: appId, CODEPAY_MERCHANT_NO: merchantNo };
}

async function takeGatewayKey() {
  const file = values['gateway-public-key-file'];
  const known = existsSync(gatewayKeyPath);
  if (
    file === undefined &&
    known &&
    (ask === null || !(await ask.yes("   The gateway's public key is here from before. Paste another one?")))
  )
    return;
  if (file === undefined && ask === null)
    throw new Error("The gateway's public key is missing: give it with --gateway-public-key-file.");
  for (;;) {
    const text =
      file === undefined
        ? await ask.key("   The gateway's public key: paste it, or type the path of its file")
        : readFileSync(resolve(file), 'utf8');
    try {
      const key = parsePublicKey({ text, label: "The gateway's public key" });
      writeFileSync(gatewayKeyPath, key.export({ type: 'spki', format: 'pem' }).toString());
      return;
    } catch (error) {
      if (!(error instanceof GatewayKeyError)) throw error;
      const words = `${error.message} ${error.remedy}`;
      if (ask === null || file !== undefined) throw new Error(words);
      say(`   ${words}`);
    }
  }
}

/** Step 3: the settings file. Everything else in it stays. */
async function writeEnv(settings) {
  const wanted = {
    ...settings,
    CODEPAY_APP_PRIVATE_KEY_FILE: shown(privatePath),
    CODEPAY_GATEWAY_PUBLIC_KEY_FILE: shown(gatewayKeyPath),
    // named twice, a key is refused
    CODEPAY_APP_PRIVATE_KEY: null,
    CODEPAY_GATEWAY_PUBLIC_KEY: null
  };
  const test = {
    ...settings,
    CODEPAY_APP_PRIVATE_KEY_FILE: privatePath,
    CODEPAY_GATEWAY_PUBLIC_KEY_FILE: gatewayKeyPath
  };
  const readSettings = readGatewaySettings({ env: test, readKeyFile: (path) => readFileSync(path, 'utf8') });
  if (!readSettings.ok) throw new Error(readSettings.message);
  const changed = Object.entries(wanted).filter(
    ([name, value]) => value !== null && before[name] && before[name] !== value
  );
  if (changed.length > 0 && ask !== null) {
    const names = changed.map(([name]) => name).join(', ');
    if (!(await ask.yes(`   ${shown(envPath)} has other values of ${names}. Write the new ones?`)))
      throw new Error('The settings were left as they were.');
  }
  writePrivate(envPath, withSettings(readText(envPath), wanted));
  say(`\n3. Written: ${shown(envPath)}, for its owner only.`);
}

/** Step 4: a signed question about a number that nobody has used. */
async function check() {
  const env = parseEnv(readText(envPath));
  const settings = readGatewaySettings({
    env,
    readKeyFile: (path) => readFileSync(resolve(root, path), 'utf8')
  });
  if (!settings.ok) throw new Error(settings.message);
  say(`\n4. Asking the gateway at ${settings.value.gateway.url}. No money moves.`);
  const { storeNo: _s, terminalSn: _t, payMethodId: _p, ...config } = settings.value.gateway;
  const gateway = createGateway({ config, now: () => Date.now(), log: () => undefined });
  const found = await checkConnection({ gateway, now: () => Date.now() });
  const names = {
    reach: 'The gateway can be reached',
    their_signature: "The gateway's signature is right",
    clock: "This machine's clock is right",
    our_signature: "The gateway accepts this shop's signature",
    merchant: 'The gateway knows app and merchant'
  };
  const marks = { good: 'yes', bad: 'NO', unclear: 'not known' };
  for (const step of checkSteps) {
    say(`   ${names[step].padEnd(44, '.')} ${marks[found.steps[step]]}`);
  }
  say(`\n   ${found.words}`);
  return found.ok;
}

function shown(path) {
  const inside = relative(root, path);
  return inside.startsWith('..') ? path : inside;
}
function say(text) {
  process.stdout.write(`${text}\n`);
}
function stop(sentence, code = 1) {
  (code === 0 ? process.stdout : process.stderr).write(`${sentence}\n`);
  process.exit(code);
}
