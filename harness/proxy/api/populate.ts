/**
 * `POST /populate` and the configuration file: many proxies at once.
 *
 * All are checked before the first is made. A proxy that is there already with the same addresses is left as it is, except
 * that it gets the toxics, and lets connects hang, if the entry speaks of them; one with other addresses is replaced. All
 * that is under one of these names waits meanwhile, another populate of them too.
 */
import { isWrittenAs } from '../proxies/address.ts';
import type { Registry } from '../proxies/registry.ts';
import type { WireProxy } from '../proxies/wire-proxy.ts';
import { firstJson } from './body.ts';
import { proxyJson, putToxics, readProxy, startOf, type ProxyRequest } from './proxies.ts';
import { json, refusals, replyTo } from './reply.ts';
import type { Route } from './router.ts';
import { isNameTaken } from './toxics.ts';

/** A populate that stopped at an error; the proxies before it stay. */
interface Populated {
  readonly proxies: readonly WireProxy[];
  readonly error: Error | undefined;
}

/**
 * Reads and checks the list of a populate or a configuration file.
 *
 * @throws Refusal naming the entry, counted from 1
 */
export const readProxies = (text: string): readonly ProxyRequest[] => {
  const list = firstJson(text) ?? [];
  if (!Array.isArray(list))
    throw refusals.badBody(`json: cannot unmarshal ${typeof list} into Go value of type []Proxy`);
  return list.map((value, index) => readProxy(value, ` at proxy ${index + 1}`));
};

/** The proxy that is there already with these addresses, changed as the request says; undefined when there is none. */
const kept = async (registry: Registry, { name, listen, upstream, hang, toxics }: ProxyRequest) => {
  const before = registry.get(name);
  if (before?.upstream !== upstream || !(await isWrittenAs(listen, before.listen))) return undefined;
  const connections = [...before.connections.values()];
  if (toxics?.some(({ toxic }) => isNameTaken(connections, toxic.name)) === true) throw refusals.toxicExists();
  if (toxics !== undefined) putToxics(before, toxics);
  if (hang !== undefined) await before.update({ hang });
  return before;
};

/** Makes the proxies in order, up to the first that cannot be made. */
export const populate = (registry: Registry, requests: readonly ProxyRequest[]): Promise<Populated> =>
  registry.inTurn(
    requests.map(({ name }) => name),
    () => makeAll(registry, requests),
  );

const makeAll = async (registry: Registry, requests: readonly ProxyRequest[]): Promise<Populated> => {
  const proxies: WireProxy[] = [];
  for (const request of requests) {
    try {
      proxies.push((await kept(registry, request)) ?? (await registry.replace(request, startOf(request))));
    } catch (error) {
      return { proxies, error: asError(error) };
    }
  }
  return { proxies, error: undefined };
};

/** What cannot be read is answered like what cannot be made: with the list of what was made, which is empty. */
const populateFrom = async (registry: Registry, body: string): Promise<Populated> => {
  try {
    return await populate(registry, readProxies(body));
  } catch (error) {
    return { proxies: [], error: asError(error) };
  }
};

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('a proxy was not made', { cause: thrown });

export const populateRoutes = (registry: Registry): readonly Route[] => [
  {
    method: 'POST',
    path: '/populate',
    answer: async ({ body }) => {
      const { proxies, error } = await populateFrom(registry, body);
      const made = proxies.map(proxyJson);
      if (error === undefined) return json(201, { proxies: made });
      const { status, message } = replyTo(error);
      return json(status, { error: message, status, proxies: made });
    },
  },
];
