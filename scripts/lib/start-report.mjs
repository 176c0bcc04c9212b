/**
 * What the terminal shows when the server listens.
 *
 * @param {{
 *   report: {
 *     mode?: 'training' | 'live',
 *     databasePath?: string,
 *     demoUsers?: { username: string, password: string, role: string }[],
 *     firstRunUrl?: string | null
 *   },
 *   origin: string,
 *   host: string,
 *   here?: string,
 *   joinAddress?: string
 * }} start `origin` is the address in the browser; with Till's own https `here` is the one on this very machine and
 *   `joinAddress` where a new tablet begins
 */
export function startReport({ report, origin, host, here, joinAddress }) {
  const { mode, databasePath, demoUsers = [], firstRunUrl = null } = report;
  const lines = ['', `Till listens at ${origin}`];
  if (here) lines.push(`On this machine: ${here}`);
  if (joinAddress) lines.push(`A new tablet begins at ${joinAddress}`);
  if (mode) lines.push(`Mode      ${mode}${mode === 'training' ? ': no real money moves' : ''}`);
  if (databasePath) lines.push(`Database  ${databasePath}`);
  if (demoUsers.length > 0) {
    const width = Math.max(...demoUsers.map(({ username }) => username.length));
    lines.push('', 'Sign in as');
    for (const { username, password, role } of demoUsers) {
      const as = role === username ? '' : `  (${role})`;
      lines.push(`  ${username.padEnd(width)}  password ${password}${as}`);
    }
  }
  if (firstRunUrl) {
    lines.push(
      '',
      'There are no users yet. Make the first admin here; the link works once:',
      `  ${firstRunUrl}`
    );
  }
  if (!isLoopback(host) && origin.startsWith('http://')) {
    lines.push('', 'Other machines need https to sell: see "A tablet on another machine" in the README.');
  }
  lines.push('', 'Stop with Ctrl+C.', '');
  return `${lines.join('\n')}\n`;
}

function isLoopback(host) {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
