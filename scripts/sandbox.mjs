// Runs the sandbox gateway alone: npm run sandbox -- [--port 4010] [--dir data/sandbox] [--time-scale 10]
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  stop(
    'The sandbox gateway needs Node 24, which comes with the project: run "npm ci", then "npm run sandbox".'
  );
}

let options;
try {
  options = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      dir: { type: 'string', default: 'data/sandbox' },
      'time-scale': { type: 'string', default: process.env.TILL_TIME_SCALE ?? '1' }
    }
  }).values;
} catch (error) {
  stop(`${error.message}. The options are --port, --dir and --time-scale.`);
}
const port = Number(options.port);
const timeScale = Number(options['time-scale']);
if (!Number.isInteger(port) || port < 0 || port > 65_535) stop('--port must be a number from 0 to 65535.');
if (!(timeScale > 0)) stop('--time-scale (or TILL_TIME_SCALE) must be a number above 0.');

const { loadOrCreateSandboxKeys, sandboxAppId, sandboxMerchantNo, startSandbox } =
  await import('../src/lib/server/sandbox/index.ts');

const dir = resolve(options.dir);
let sandbox;
try {
  const keys = await loadOrCreateSandboxKeys(dir);
  sandbox = await startSandbox({
    bookPath: join(dir, 'book.db'),
    port,
    timeScale,
    appPublicKey: keys.app.publicKeyPem,
    gatewayPrivateKey: keys.gateway.privateKeyPem
  });
} catch (error) {
  if (error.code === 'EADDRINUSE')
    stop(`Port ${port} is in use: choose another one with --port, or --port 0.`);
  stop(`The sandbox gateway cannot start in ${dir}: ${error.message}`);
}

console.log(`Sandbox gateway: play money, real HTTP and signatures. Ctrl+C ends it; its book stays in ${dir}.

  address              ${sandbox.url}
  app id               ${sandboxAppId}
  merchant no          ${sandboxMerchantNo}
  app's private key    ${join(dir, 'app-private.pem')}
  gateway's public key ${join(dir, 'gateway-public.pem')}

The last two digits of a payment code choose the outcome:
  00–89 paid (88 with an offer) · 90 password, then paid · 91 password, then refused · 92 password, never answered
  93 declined · 94 invalid code · 95 charged, answer lost · 96 slow · 97 system error, charged
  98 system error, not charged · 99 charged, answer badly signed`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    sandbox.close().then(
      () => process.exit(0),
      (error) => stop(`The sandbox gateway did not close well: ${error.message}`)
    );
  });
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
