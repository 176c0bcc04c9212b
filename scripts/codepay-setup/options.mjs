import { parseArgs } from 'node:util';

const help = `npm run codepay:setup -- [options]

Without options it asks. With --yes it asks nothing, and stops where something is missing.

  --app-id ID                     from CodePay
  --merchant-no NUMBER            from CodePay
  --url ADDRESS                   the gateway; default https://gw.codepay.us
  --gateway-public-key-file PATH  the gateway's public key, PEM or base64
  --keys-dir FOLDER               where the keys lie; default data/codepay
  --settings-file PATH            the settings file; default .env
  --new-key                       a new key pair; the old one is kept beside it
  --no-check                      does not ask the gateway
  --yes                           no questions
`;

/** @param {string[]} args @returns {{ values: Record<string, string | boolean | undefined> } | { stop: string, code: number }} */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        'app-id': { type: 'string' },
        'merchant-no': { type: 'string' },
        url: { type: 'string' },
        'gateway-public-key-file': { type: 'string' },
        'keys-dir': { type: 'string', default: 'data/codepay' },
        'settings-file': { type: 'string', default: '.env' },
        'new-key': { type: 'boolean', default: false },
        'no-check': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false }
      }
    });
    return values.help === true ? { stop: help, code: 0 } : { values };
  } catch (error) {
    return { stop: `${error.message}\n\n${help}`, code: 1 };
  }
}
