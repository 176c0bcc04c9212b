/** The composition root: everything that runs on the server is built here, once, and stopped here. */
import diagnosticsChannel from 'node:diagnostics_channel';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { demoCatalogue } from '$lib/catalogue/demo';
import { currencyExponent } from '$lib/money/currency';
import type { Mode, Role } from '$lib/wire/basics';
import type { Shop } from '$lib/wire/shop';
import { seedCatalogue } from './catalogue/catalogue';
import { storeShop } from './catalogue/shop';
import { readConfig, type Config } from './config/config';
import type { Env } from './config/env';
import { refuseSandboxKeys } from './config/sandbox-keys';
import { stampMode, stampSecret } from './config/stamp';
import { StartRefused } from './config/start-refused';
import { createGateway, type GatewayConfig, type GatewayLogEntry } from './gateway/client';
import { GatewayError } from './gateway/errors';
import { parsePrivateKey, parsePublicKey } from './gateway/keys';
import type { Gateway } from './gateway/port';
import type { ConnectionCheckView, Opening } from '$lib/wire/settings';
import { createConnectionDesk } from './health/connection-desk';
import { createGatewayWatch } from './health/gateway-watch';
import { createHealthDesk, type HealthDesk } from './health/health';
import { createMetrics, type Metrics } from './health/metrics';
import { createOpeningDesk } from './health/opening';
import { usualDayStartMinute, usualOneScanLimitMajor } from './identity/first-run';
import { demoStaff, openIdentity, type Identity } from './identity/identity';
import { ownOriginsOf } from './identity/origin-check';
import { deriveKey, loadOrCreateSecret } from './identity/secret';
import { openLedger, type Ledger } from './ledger/ledger';
import { createJournalDesk, type JournalDesk } from './journal/journal-desk';
import { createLog } from './log';
import { createNotificationDoor, type NotificationDoor } from './payments/notification-door';
import { createPayments, type Payments } from './payments/payments';
import {
  loadOrCreateSandboxKeys,
  sandboxAppId,
  sandboxMerchantNo,
  startSandbox,
  type Sandbox
} from './sandbox';

/** Published at named moments of a payment; tests kill the process there. */
export const crashPointChannel = 'till.crash-point';

/** What the start script prints. */
export interface StartReport {
  readonly mode: Mode;
  readonly address: string;
  readonly databasePath: string;
  readonly demoUsers: readonly {
    readonly username: string;
    readonly password: string;
    readonly role: Role;
  }[];
  /** Works once; null where there are users. */
  readonly firstRunUrl: string | null;
}

/** The running server, as hooks and routes see it. */
export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly ledger: Ledger;
  readonly gateway: Gateway;
  readonly payments: Payments;
  /** Where the gateway's notifications come in. */
  readonly notifications: NotificationDoor;
  /** The registers' journals. */
  readonly journals: JournalDesk;
  readonly identity: Identity;
  readonly health: HealthDesk;
  /** Asks the gateway whether it and this shop understand each other; pressed twice at once it asks once. */
  readonly checkConnection: () => Promise<ConnectionCheckView>;
  /** What a register's opening check asks. */
  readonly opening: () => Promise<Opening>;
  readonly metrics: Metrics;
  /** The training gateway; null in live mode. */
  readonly sandbox: Sandbox | null;
  /** Addresses from which pages may change something. */
  readonly ownOrigins: readonly string[];
  readonly report: StartReport;
  /** Takes nothing new, waits for what is under way, closes the database. */
  shutdown(): Promise<void>;
}

const trainingCurrency = 'USD';
const callTimeoutMs = 10_000;
/** However fast training runs, a call needs some time on a busy machine. */
const leastCallTimeoutMs = 2_000;

/**
 * Builds the server and starts its worker.
 *
 * @param env the environment, see `config/config.ts`
 * @throws {@link StartRefused}, or another error with a `safeMessage`, where it must not start
 */
export async function startApp({ env, log = createLog() }: { env: Env; log?: Logger }): Promise<App> {
  const read = readConfig(env);
  if (!read.ok) throw new StartRefused(read.message);
  const { config } = read;
  const { folder } = config;
  const keysFolder = join(folder, 'sandbox-keys');
  if (config.gateway !== null) refuseSandboxKeys({ gateway: config.gateway, folder: keysFolder });

  // Undone in the opposite order, at a failed start too.
  const undo: (() => Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;
  async function undoAll(): Promise<void> {
    for (const step of undo.toReversed()) await step();
  }
  function shutdown(): Promise<void> {
    stopped ??= undoAll();
    return stopped;
  }

  try {
    const ledger = await openLedger(
      'url' in config.database ? config.database : { ...config.database, now: () => Date.now() }
    );
    undo.push(() => ledger.close());
    const secretPath = join(folder, 'till-secret');
    const secret = await loadOrCreateSecret({ path: secretPath });
    // Two instances that start at once on a new database make everything once.
    const identity = await ledger.alone(async () => {
      await stampMode({ ledger, mode: config.mode });
      await stampSecret({
        ledger,
        fingerprint: deriveKey({ secret, purpose: 'fingerprint' }).toString('hex'),
        path: secretPath
      });
      const opened = await openIdentity({ ledger, mode: config.mode, origin: config.origin, secret, log });
      if (config.mode === 'training') await seedTraining({ ledger });
      return opened;
    });

    const metrics = createMetrics({ ledger });
    const watch = createGatewayWatch({ now: () => ledger.nowMs() });
    const { gateway, settings, sandbox } = await openGateway({
      config,
      folder,
      keysFolder,
      log,
      called: (entry) => {
        log.info(entry, 'gateway call');
        watch.heard(entry);
        metrics.gatewayCalled(entry);
      }
    });
    if (sandbox !== null) undo.push(() => sandbox.close());

    const crashPoints = diagnosticsChannel.channel(crashPointChannel);
    const payments = createPayments({
      ledger,
      gateway,
      identity: { appId: settings.appId, merchantNo: settings.merchantNo },
      log,
      digestKey: deriveKey({ secret, purpose: 'payment code digest' }),
      mode: config.mode,
      timeScale: config.timeScale,
      callTimeoutMs: settings.timeoutMs,
      wallNow: () => Date.now(),
      crashPoint: (name) => crashPoints.publish({ name })
    });
    undo.push(() => payments.stop());
    payments.start();
    const journals = createJournalDesk({ ledger, payments, log });
    undo.push(() => journals.stop());
    journals.start();
    const checkConnection = createConnectionDesk({
      gateway,
      address: settings.url,
      training: sandbox !== null,
      now: () => Date.now()
    });

    return {
      config,
      log,
      ledger,
      gateway,
      payments,
      notifications: createNotificationDoor({
        receive: (options) => payments.receiveWebhook(options),
        log,
        nowMs: () => performance.now()
      }),
      journals,
      identity,
      health: createHealthDesk({ ledger, gateway: watch }),
      metrics,
      checkConnection,
      opening: createOpeningDesk({ ask: checkConnection, now: () => ledger.nowMs() }),
      sandbox,
      ownOrigins: config.origins.flatMap(ownOriginsOf),
      report: {
        mode: config.mode,
        address: config.origin,
        databasePath: ledger.path,
        demoUsers:
          config.mode === 'training'
            ? demoStaff.map(({ username, password, role }) => ({ username, password, role }))
            : [],
        firstRunUrl: identity.firstRun?.url ?? null
      },
      shutdown
    };
  } catch (error) {
    await shutdown();
    throw error;
  }
}

interface Door {
  readonly gateway: Gateway;
  readonly settings: GatewayConfig;
  readonly sandbox: Sandbox | null;
}

/** The configured gateway; in training the sandbox, over real HTTP all the same. */
async function openGateway({
  config,
  folder,
  keysFolder,
  log,
  called
}: {
  readonly config: Config;
  readonly folder: string;
  readonly keysFolder: string;
  readonly log: Logger;
  readonly called: (entry: GatewayLogEntry) => void;
}): Promise<Door> {
  const notify =
    config.notifyOrigin === null ? {} : { notifyUrl: `${config.notifyOrigin}/api/codepay/notify` };
  if (config.gateway !== null) {
    const { storeNo, terminalSn, payMethodId, ...needed } = config.gateway;
    const settings: GatewayConfig = {
      ...needed,
      ...(storeNo === null ? {} : { storeNo }),
      ...(terminalSn === null ? {} : { terminalSn }),
      ...(payMethodId === null ? {} : { payMethodId }),
      ...notify
    };
    return { gateway: connect({ settings, called }), settings, sandbox: null };
  }
  try {
    const keys = await loadOrCreateSandboxKeys(keysFolder);
    const sandbox = await startSandbox({
      bookPath: join(folder, 'sandbox-book.db'),
      appPublicKey: keys.app.publicKeyPem,
      gatewayPrivateKey: keys.gateway.privateKeyPem,
      timeScale: config.timeScale,
      onProblem: (error) => log.error({ error }, 'the training gateway broke')
    });
    const settings: GatewayConfig = {
      url: sandbox.url,
      appId: sandboxAppId,
      merchantNo: sandboxMerchantNo,
      privateKey: parsePrivateKey({ text: keys.app.privateKeyPem, label: "The training app's key" }),
      publicKey: parsePublicKey({ text: keys.gateway.publicKeyPem, label: "The training gateway's key" }),
      timeoutMs: Math.max(leastCallTimeoutMs, Math.round(callTimeoutMs / config.timeScale)),
      ...notify
    };
    return { gateway: connect({ settings, called }), settings, sandbox };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartRefused(`The training gateway can't start: ${why}`, { cause });
  }
}

function connect({
  settings,
  called
}: {
  readonly settings: GatewayConfig;
  readonly called: (entry: GatewayLogEntry) => void;
}): Gateway {
  try {
    return createGateway({
      config: settings,
      now: () => Date.now(),
      log: called
    });
  } catch (cause) {
    if (cause instanceof GatewayError) throw new StartRefused(`${cause.message} ${cause.remedy}`, { cause });
    throw cause;
  }
}

/** A shop to try everything in: made once, then the trainee's own. */
async function seedTraining({ ledger }: { readonly ledger: Ledger }): Promise<void> {
  const shop: Shop = {
    name: 'Corner & Co',
    address: '',
    taxId: '',
    currency: trainingCurrency,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    dayStartsAtMinute: usualDayStartMinute,
    taxMode: 'included',
    locale: 'en-US',
    oneScanLimitMinor: usualOneScanLimitMajor * 10 ** currencyExponent(trainingCurrency),
    embeddedPatterns: []
  };
  if (!(await storeShop({ db: ledger.db, shop }))) return;
  await seedCatalogue({ ledger, catalogue: demoCatalogue({ currency: trainingCurrency }) });
}
