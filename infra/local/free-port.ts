import { createServer } from 'node:net';

/** The wished port when nobody listens on it, else one that is free. */
export async function freePort(wished = 0): Promise<number> {
  const found = await tryPort(wished);
  return found ?? (await tryPort(0)) ?? Promise.reject(new Error('This machine has no free port.'));
}

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
