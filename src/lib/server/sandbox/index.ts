/**
 * The built-in gateway of the training mode, and of the tests. It shares no code with the client in `gateway/`: it is
 * the other side. Only built-ins of Node, erasable TypeScript and imports with `.ts`, because plain Node runs it too.
 */
export {
  openSandboxBook,
  type SandboxBook,
  type SandboxPayment,
  type SandboxRefund,
  type SandboxStatus,
  type SandboxWebhook
} from './book.ts';
export { loadOrCreateSandboxKeys, type SandboxKeyPair } from './keys.ts';
export type { SandboxOutcome } from './outcomes.ts';
export {
  sandboxAppId,
  sandboxMerchantNo,
  startSandbox,
  type Sandbox,
  type SandboxOptions
} from './sandbox.ts';
