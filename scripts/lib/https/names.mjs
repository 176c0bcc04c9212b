import { hostname, networkInterfaces } from 'node:os';
import { BlockList } from 'node:net';
import { localEndings } from './authority.mjs';

const privateAddresses = new BlockList();
privateAddresses.addSubnet('10.0.0.0', 8);
privateAddresses.addSubnet('172.16.0.0', 12);
privateAddresses.addSubnet('192.168.0.0', 16);
privateAddresses.addSubnet('169.254.0.0', 16);

/**
 * Under which names and addresses tablets in the shop's network reach this machine, the surest first, and always
 * `localhost`. Only what the shop's own authority may sign for.
 *
 * @param {{ asked?: string, host?: string, interfaces?: NodeJS.Dict<import('node:os').NetworkInterfaceInfo[]> }} [machine]
 *   `asked`: names from the settings, separated by commas; they come first
 * @returns {{ names: string[] } | { sentence: string }}
 */
export function ownNames({ asked = '', host = hostname(), interfaces = networkInterfaces() } = {}) {
  const wanted = asked
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const refused = wanted.find((name) => !isLocal(name));
  if (refused !== undefined) {
    return {
      sentence: `TILL_HTTPS_NAMES: Till's own certificates are for addresses of a private network and names ending in ${localEndings.map((ending) => `.${ending}`).join(' ')}, not for "${refused}". For a public name put a reverse proxy before Till: see "A tablet on another machine" in the README.`
    };
  }
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && isLocal(address))
    .map(({ address }) => address);
  const label = host.toLowerCase().split('.')[0] ?? '';
  const ownName = /^[a-z0-9-]+$/.test(label) ? [`${label}.local`] : [];
  return { names: [...new Set([...wanted, ...addresses, ...ownName, 'localhost', '127.0.0.1'])] };
}

/** @param {string} name */
function isLocal(name) {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return privateAddresses.check(name);
  return (
    /^[a-z0-9.-]+$/.test(name) &&
    localEndings.some((ending) => name === ending || name.endsWith(`.${ending}`))
  );
}
