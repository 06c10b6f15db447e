/**
 * Every reference subject against every other, without faults: each workload, and each framing. (That each plays every
 * workload in every framing is the business of `halfopen check`.)
 *
 * What one side says that it sent is compared with what the other says that it received, connection by connection.
 */
import { describe, expect, test } from 'vitest';
import { CLIENTS, COMMANDS, SERVERS, THERE, withGoBuilt, type Name } from './commands.ts';
import { SubjectProcess, type Event } from './node/subject-process.ts';

const FRAMINGS = ['fixed', 'delimited', 'prefix32', 'ascii5', 'typed', 'until-end'] as const;
const CASES: readonly (readonly [workload: string, framing: string])[] = [
  ...FRAMINGS.map((framing) => ['echo', framing] as const),
  ...['connect', 'pipeline', 'download', 'idle', 'slow-reader', 'reconnect'].map(
    (workload) => [workload, 'prefix32'] as const,
  ),
  ['upload', 'until-end'],
];

const MESSAGES = 3;

function paramsOf(framing: string): object {
  const content = framing === 'delimited' ? 'text' : 'bytes';
  // A busy machine is no fault of theirs.
  const patience = { connectTimeoutMs: 30_000, ioTimeoutMs: 30_000 };
  const times = { durationMs: 80, heartbeatMs: 25, readPauseMs: 30 };
  return { framing, content, messages: MESSAGES, messageBytes: 300, ...times, ...patience };
}

/** The messages of one connection that an event names, in order. */
function digests(events: readonly Event[], name: 'sending' | 'received', conn: number): unknown[] {
  return events.filter(({ event, conn: own }) => event === name && own === conn).map((event) => event['sha256']);
}

/** How many messages go to the server and to the client of a clean run. */
function due(workload: string, framing: string): readonly [toServer: number, toClient: number] {
  const many = framing === 'until-end' ? 1 : MESSAGES;
  if (workload === 'connect' || workload === 'idle') return [0, 0];
  if (workload === 'upload') return [1, 1];
  if (workload === 'download') return [1, many];
  return [many, workload === 'slow-reader' ? 0 : many];
}

async function visit(name: Name, server: SubjectProcess, [workload, framing]: readonly [string, string]) {
  const port = await server.port();
  const params = paramsOf(framing);
  await using client = new SubjectProcess({ role: 'client', workload, port, params, command: COMMANDS[name] });
  await client.event('done');
  const status = await client.end();
  const connected = await client.event('connected');
  const accepted = await server.event('accepted', ({ peerPort }) => peerPort === connected['localPort']);
  const conn = accepted.conn ?? 0;
  await server.event('closed', (event) => event.conn === conn);
  return {
    status,
    toServer: [digests(client.events, 'sending', 1), digests(server.events, 'received', conn)],
    toClient: [digests(server.events, 'sending', conn), digests(client.events, 'received', 1)],
    failed: client.events.filter(({ event }) => event === 'failed'),
  };
}

withGoBuilt();

describe.each(SERVERS.map((name) => ({ name })))('a clean run with the server $name and every client', ({ name }) => {
  test.skipIf(!THERE[name]).concurrent.each(CASES)('%s in %s', async (workload, framing) => {
    const params = paramsOf(framing);
    await using server = new SubjectProcess({ role: 'server', workload, port: 0, params, command: COMMANDS[name] });
    const [toServer, toClient] = due(workload, framing);
    for (const visited of await Promise.all(
      CLIENTS.filter((client) => THERE[client]).map(async (client) => await visit(client, server, [workload, framing])),
    )) {
      expect(visited).toMatchObject({ status: 0, failed: [] });
      expect(visited.toServer[1]).toHaveLength(toServer);
      expect(visited.toServer[0]).toEqual(visited.toServer[1]);
      expect(visited.toClient[1]).toHaveLength(toClient);
      expect(visited.toClient[0]).toEqual(visited.toClient[1]);
    }
    expect(await server.end()).toBe(0);
    expect(server.events.filter(({ event }) => event === 'failed')).toEqual([]);
  });
});
