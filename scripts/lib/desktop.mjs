import { spawn } from 'node:child_process';

/** Whether somebody sits before this machine: a terminal, a desktop, no automation. */
export function hasDesktop() {
  if (!process.stdout.isTTY || process.env.CI || process.env.SSH_CONNECTION) return false;
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Opens an address in the usual browser; where that fails, nothing happens: the address is on the screen.
 * @param {string} address */
export function openInBrowser(address) {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', address]]
        : ['xdg-open', [address]];
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
