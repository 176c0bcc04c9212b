/**
 * @param {import('node:net').Server} server
 * @param {{ host: string, port: number, setting: string }} at  `setting`: the variable that names the port
 * @returns {Promise<string | undefined>} a sentence where the address can't be listened on
 */
export function listen(server, { host, port, setting }) {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(problemOf(error, { host, port, setting })));
    server.listen({ host, port }, () => resolve(undefined));
  });
}

function problemOf(error, { host, port, setting }) {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use: stop the program that has it, or set ${setting} to another number.`;
    case 'EACCES':
      return `Till may not listen on port ${port}: ports below 1024 need more rights. Set ${setting} to a higher number.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is no address of this machine.`;
    default:
      return `Till can't listen on ${host}:${port} (${error.code ?? error.message}).`;
  }
}
