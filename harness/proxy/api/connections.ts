/**
 * `GET /connections`, and toxics on one connection: `/proxies/{proxy}/connections/{number}/toxics`.
 *
 * A toxic that is put on one connection works after those of the proxy, has a name of its own among them, and is gone
 * with the connection. That is also how something is done to a connection now: a `reset` after 0 bytes resets it.
 */
import type { Registry } from '../proxies/registry.ts';
import type { WireProxy } from '../proxies/wire-proxy.ts';
import type { Connection } from '../relay/connection.ts';
import { DIRECTIONS } from '../stream/item.ts';
import { proxyNamed } from './proxies.ts';
import { json, Refusal } from './reply.ts';
import type { Route } from './router.ts';
import { toxicJson } from './toxic-json.ts';
import { toxicRoutesOf } from './toxics.ts';

const connectionJson = (proxy: WireProxy, connection: Connection): object => ({
  proxy: proxy.name,
  proxyNumber: proxy.proxyNumber,
  conn: connection.number,
  ...connection.describe(),
  toxics: DIRECTIONS.flatMap((direction) => connection.toxics(direction).map(toxicJson)),
});

const connectionNamed = (proxy: WireProxy, number: string | undefined): Connection => {
  const connection = proxy.connections.get(Number(number));
  if (connection === undefined) throw new Refusal(404, 'connection not found');
  return connection;
};

export const connectionRoutes = (registry: Registry): readonly Route[] => {
  const listOf = (proxies: readonly WireProxy[]): object[] =>
    proxies.flatMap((proxy) => [...proxy.connections.values()].map((connection) => connectionJson(proxy, connection)));
  return [
    { method: 'GET', path: '/connections', answer: () => json(200, listOf(registry.proxies)) },
    {
      method: 'GET',
      path: '/proxies/{proxy}/connections',
      answer: ({ parameters }) => json(200, listOf([proxyNamed(registry, parameters['proxy'])])),
    },
    ...toxicRoutesOf({
      path: '/proxies/{proxy}/connections/{connection}/toxics',
      find: ({ proxy, connection }) => connectionNamed(proxyNamed(registry, proxy), connection),
      others: ({ proxy }) => [proxyNamed(registry, proxy)],
    }),
  ];
};
