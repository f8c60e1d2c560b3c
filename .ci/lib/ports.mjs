// Choosing a port on loopback.
import { createServer } from 'node:net';

const kTries = 50;

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** The first free port from `first` on; throws after 50 taken ones. */
export async function freePort(first) {
  for (let port = first; port < first + kTries; port += 1) if (await isFree(port)) return port;
  throw new Error(`ports ${first} to ${first + kTries - 1} are all taken`);
}
