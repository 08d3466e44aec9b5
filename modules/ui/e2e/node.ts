import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One bad minute is an incident here, so that a test need not wait for three; and minutes are added up soon. */
const SETTINGS = 'sonde.diagnosis.incident.opens = 1\nsonde.views.upkeep-interval = 1s\n';
const SONDE = join(import.meta.dirname, '../../../target/sonde/bin/sonde');
const READY_LIMIT_MS = 90_000;

/** A node with all that `sonde up` starts beside it. */
export interface Up {
  url: string;
  token: string;
  /** The first administrator's; empty when it was made by a start before. */
  password: string;
  /** Ends it and waits for its end. */
  stop: () => Promise<void>;
}

/**
 * @param folder in which it keeps its data, and finds them again
 * @param isFirst whether it does not find any
 */
export async function up(folder: string, httpPort: number, isFirst = true): Promise<Up> {
  await writeFile(join(folder, 'sonde.conf'), SETTINGS);
  const data = ['--data', join(folder, 'data'), '--config', join(folder, 'sonde.conf')];
  const started = spawn(SONDE, ['up', ...data, '--http-port', String(httpPort), '--target-port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    if (started.exitCode === null) {
      started.kill('SIGTERM');
      await once(started, 'exit');
    }
  };
  try {
    const password = isFirst ? printed(started.stderr) : '';
    const [url, token] = await ready(started.stdout);
    return { url, token, password: await password, stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

/** A node of its own with a probe that measures, and a client that cannot resolve one of its two targets. */
export default async function start(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-e2e-'));
  const node = await up(folder, await freePort());
  const stop = async () => {
    await node.stop();
    await rm(folder, { recursive: true });
  };
  try {
    process.env['SONDE_URL'] = node.url;
    process.env['SONDE_TOKEN'] = node.token;
    process.env['SONDE_PASSWORD'] = node.password;
    await post(node.url, node.token);
    await until(async () => (await problems(node.url, node.token)) > 0);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return stop;
}

async function ready(out: NodeJS.ReadableStream): Promise<[string, string]> {
  for await (const line of createInterface({ input: out })) {
    const said = /^ready (\S+) token=(\S+)/.exec(line);
    if (said) {
      return [said[1]!, said[2]!];
    }
  }
  throw new Error('sonde up ended before it was ready');
}

/** Names that mean something to a browser, a spreadsheet, a shell or the eye. */
export const HOSTILE = [
  '<script>window.isTakenOver = true</script>',
  '<img src=x onerror="window.isTakenOver = true">',
  `"quoted", 'and' more`,
  '\u202egnp.exe',
  '😀'.repeat(128),
  "=cmd|' /C calc'!A0",
];

/** The first administrator's; all else that is said there goes on to whoever runs this. */
async function printed(err: NodeJS.ReadableStream): Promise<string> {
  err.pipe(process.stderr);
  for await (const line of createInterface({ input: err })) {
    const said = /password, shown this once: (\S+)/.exec(line);
    if (said) {
      return said[1]!;
    }
  }
  throw new Error('sonde up printed no password');
}

/** Of the minute before, whose windows close at once. */
async function post(url: string, token: string): Promise<void> {
  const minute = Date.now() - 60_000;
  const events: object[] = Array.from({ length: 20 }, (_, i) => ({
    schema_version: 1,
    event_id: crypto.randomUUID(),
    client_id: 'berlin-1',
    ts_ms: minute,
    ...(i % 2
      ? {
          target: 'https://shop.example/',
          timings: { dns_ms: 4 + i / 10, tcp_ms: 12 + i, tls_ms: 25 + i, http_ttfb_ms: 80 + 3 * i },
          throughput_kbps: 48_000 + 100 * i,
        }
      : { target: 'https://pay.example/', error_stage: 'DNS', error_type: 'nxdomain' }),
  }));
  const hostile = HOSTILE.map((name) => ({
    schema_version: 1,
    event_id: crypto.randomUUID(),
    client_id: name,
    target: `https://hostile.example/?q=${encodeURIComponent(name)}`,
    ts_ms: minute,
    timings: { dns_ms: 4, tcp_ms: 12, tls_ms: 25, http_ttfb_ms: 80 },
  }));
  const answer = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify([...events, ...hostile]),
  });
  if (answer.status !== 202) {
    throw new Error(`the events were answered ${answer.status}: ${await answer.text()}`);
  }
}

async function problems(url: string, token: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/problems?state=open`, { headers: { Authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { problems: unknown[] }).problems.length;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + READY_LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > end) {
      throw new Error('there is no problem after 90 s');
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
