import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * The page of a real node, over a stream that tells of as many windows a second as no test can have measured. It speaks the
 * node's protocol; everything else is the node's own answer.
 */
export async function flood(node: string, windowsPerSecond: number): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, answer) => void pass(node, request, answer));
  const timers: NodeJS.Timeout[] = [];
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const accept = createHash('sha1')
      .update(request.headers['sec-websocket-key']! + GUID)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    say(socket, { hello: { protocol: 1, node: 'flood', time: new Date().toISOString() } });
    socket.on('data', (data: Buffer) => {
      for (const [id] of asked(data).matchAll(/windows-\d+/g)) {
        say(socket, { subscribed: { id, channel: 'windows' } });
        timers.push(pour(socket, id, windowsPerSecond));
      }
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    timers.forEach(clearInterval);
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** A client's five targets in a message, as a node tells them. */
function pour(socket: Socket, id: string, windowsPerSecond: number): NodeJS.Timeout {
  const TARGETS = 5;
  let sent = 0;
  const began = performance.now();
  return setInterval(() => {
    while (sent < ((performance.now() - began) / 1_000) * windowsPerSecond && !socket.destroyed) {
      const n = sent / TARGETS;
      say(socket, { id, windows: Array.from({ length: TARGETS }, (_, target) => window(n, target)) });
      sent += TARGETS;
    }
  }, 10);
}

function window(n: number, target: number): object {
  const minute = Math.floor(Date.now() / 60_000 - 1 - n / 10_000) * 60_000;
  const measured = Object.fromEntries(
    ['dns', 'tcp', 'tls', 'ttfb', 'throughput', 'total'].flatMap((name, i) => [
      [`${name}_p50`, ((n * 7 + target + i) % 997) / 7],
      [`${name}_p95`, ((n * 11 + target + i) % 997) / 3],
    ]),
  );
  return {
    client_id: `office-${n % 2_000}`,
    target: `https://service-${target}.example/health`,
    window_start_ts: new Date(minute).toISOString(),
    revision: 12 + n,
    count_total: 12,
    count_success: 12 - (n % 3),
    count_error: n % 3,
    ...measured,
    diagnosis_label: ['healthy', 'dns-bound', 'connect-failure'][n % 3],
    score: n % 101,
  };
}

function say(socket: Socket, message: object): void {
  const data = Buffer.from(JSON.stringify(message));
  const head =
    data.length < 126
      ? Buffer.from([0x81, data.length])
      : Buffer.from([0x81, 126, data.length >> 8, data.length & 255]);
  socket.write(Buffer.concat([head, data]));
}

/** What a browser's short frames say, one after the other. */
function asked(data: Buffer): string {
  let text = '';
  for (let at = 0; at + 6 <= data.length;) {
    const short = data[at + 1]! & 127;
    const length = short === 126 ? data.readUInt16BE(at + 2) : short;
    const mask = at + (short === 126 ? 4 : 2);
    for (let i = 0; i < length; i++) {
      text += String.fromCharCode(data[mask + 4 + i]! ^ data[mask + (i % 4)]!);
    }
    at = mask + 4 + length;
  }
  return text;
}

async function pass(node: string, request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { authorization = '', cookie = '' } = request.headers;
  const from = await fetch(node + request.url, {
    headers: { ...(authorization ? { Authorization: authorization } : {}), ...(cookie ? { Cookie: cookie } : {}) },
  });
  const headers = Object.fromEntries(
    ['content-type', 'content-security-policy'].flatMap((name) => {
      const value = from.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  answer.writeHead(from.status, headers).end(Buffer.from(await from.arrayBuffer()));
}
