import { describe, expect, test } from 'vitest';

import { attemptOf } from './attempt.ts';
import { history } from './history.ts';

const joined = (story: ReturnType<typeof history>) =>
  attemptOf(story.asItIs()).connections.map(({ client, server, wire, key, unjoined }) => ({
    client: client?.conn ?? null,
    server: server?.conn ?? null,
    wire: wire?.conn ?? null,
    key,
    alone: unjoined !== null,
  }));

describe('joining the sides of a connection', () => {
  test('ports name the connection to the proxy', () => {
    const story = history({ params: { connections: 2 } })
      .connects(1, 2)
      .connects(2, 1);
    expect(joined(story)).toEqual([
      { client: 1, server: 1, wire: 1, key: 2, alone: false },
      { client: 2, server: 2, wire: 2, key: 1, alone: false },
    ]);
  });

  test('a port that is used again goes to the connection of its time', () => {
    const story = history({ workload: 'reconnect' });
    for (const conn of [1, 2]) {
      story
        .wait(500)
        .client({ event: 'connecting', conn, key: 1 })
        .proxy({ kind: 'accepted', conn, clientPort: 40_000 })
        .client({ event: 'connected', conn, localPort: 40_000 });
    }
    expect(joined(story).map(({ client, wire }) => [client, wire])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('a port that is used again goes by order, however long a connection waited to be accepted', () => {
    const story = history({ workload: 'reconnect' });
    for (const conn of [1, 2]) {
      story
        .client({ event: 'connecting', conn, key: 1 })
        .client({ event: 'connected', conn, localPort: 40_000 })
        .wait(conn === 1 ? 120 : 5);
      if (conn === 1) story.proxy({ kind: 'accepted', conn, clientPort: 40_000 }).wait(50);
    }
    story.proxy({ kind: 'accepted', conn: 2, clientPort: 40_000 });
    expect(joined(story).map(({ client, wire }) => [client, wire])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('a port that is used again goes to the side that heard its messages, where one was never accepted', () => {
    const story = history({ params: { connections: 2 } });
    for (const conn of [1, 2]) {
      story
        .client({ event: 'connecting', conn, key: conn })
        .proxy({ kind: 'accepted', conn, clientPort: 40_000 + conn })
        .proxy({ kind: 'dialed', conn, localPort: 50_000 })
        .client({ event: 'connected', conn, localPort: 40_000 + conn });
    }
    story.server({ event: 'accepted', conn: 1, peerPort: 50_000 }).serverReceives(1, 0, 2);
    expect(joined(story).map(({ client, server }) => [client, server])).toEqual([
      [1, null],
      [2, 1],
    ]);
  });

  test('a side whose port the proxy never saw stays alone and says so', () => {
    const story = history().connects().server({ event: 'accepted', conn: 9, peerPort: 61_000 });
    expect(joined(story)[1]).toEqual({ client: null, server: 9, wire: null, key: null, alone: true });
  });

  test('a client that never connected is alone, and nothing is missing', () => {
    const story = history().client({ event: 'connecting', conn: 1, key: 1 }).fails('client', 'connect', 'refused');
    expect(joined(story)).toEqual([{ client: 1, server: null, wire: null, key: 1, alone: false }]);
  });

  describe('where the proxy tells nothing', () => {
    const told = { proxy: 'toxiproxy', params: { connections: 2 } } as const;

    test('the payloads received name the connection', () => {
      const story = history(told).connects(1, 1).connects(2, 2);
      story.clientSends(1, 0, 1).serverReceives(2, 0, 1).clientSends(2, 0, 2).serverReceives(1, 0, 2);
      expect(joined(story).map(({ client, server, key }) => [client, server, key])).toEqual([
        [1, 2, 1],
        [2, 1, 2],
      ]);
    });

    test('a server that has received nothing is not guessed', () => {
      const story = history(told).connects(1, 1).connects(2, 2).clientSends(1, 0, 1).serverReceives(1, 0, 1);
      expect(joined(story).map(({ client, server, alone }) => [client, server, alone])).toEqual([
        [1, 1, false],
        [2, null, true],
        [null, 2, true],
      ]);
    });

    test('two attempts with one key are not told apart by it', () => {
      const story = history({ ...told, workload: 'reconnect' })
        .connects(1, 1)
        .connects(2, 1);
      story.clientSends(1, 0, 1).serverReceives(1, 0, 1).clientSends(2, 0, 1).serverReceives(2, 0, 1);
      expect(joined(story).every(({ alone }) => alone)).toBe(true);
    });

    test('the only connection of both is one connection', () => {
      expect(joined(history({ proxy: 'toxiproxy' }).connects())).toEqual([
        { client: 1, server: 1, wire: null, key: 1, alone: false },
      ]);
    });
  });
});
