/**
 * `/proxies` and `/proxies/{proxy}`: listing, creating, changing and removing proxies.
 */
import type { Registry } from '../proxies/registry.ts';
import type { WireProxy } from '../proxies/wire-proxy.ts';
import { DIRECTIONS } from '../stream/item.ts';
import { Body, firstJson } from './body.ts';
import { json, noContent, refusals, type Reply } from './reply.ts';
import type { Route } from './router.ts';
import { readToxic, toxicJson } from './toxic-json.ts';

/** A proxy as it is answered: all toxics, those upstream first, each direction in the order of execution. */
export const proxyJson = (proxy: WireProxy) => ({
  name: proxy.name,
  listen: proxy.listen,
  upstream: proxy.upstream,
  enabled: proxy.enabled,
  // Toxiproxy has no such thing: only told where it was asked for.
  ...(proxy.hanging && { hang: true }),
  toxics: DIRECTIONS.flatMap((direction) => proxy.toxics(direction).map(toxicJson)),
});

/**
 * The proxy of that name.
 *
 * @throws Refusal when there is none
 */
export const proxyNamed = (registry: Registry, name: string | undefined): WireProxy => {
  const proxy = registry.get(name ?? '');
  if (proxy === undefined) throw refusals.proxyNotFound();
  return proxy;
};

/** What a request says of a new proxy; `suffix` tells which of several it is. */
export interface ProxyRequest {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  /** Whether connects to it hang; undefined: not said. */
  readonly hang: boolean | undefined;
  /** Its toxics, in place before it listens; undefined: not said. */
  readonly toxics: readonly ReturnType<typeof readToxic>[] | undefined;
}

/** @throws Refusal when connects to `listen` cannot hang */
const checkHang = (hang: boolean, listen: string): void => {
  if (hang && listen.startsWith('unix:')) throw refusals.badBody('a Unix socket cannot let connects hang');
};

/** @throws Refusal */
export const readProxy = (value: unknown, suffix = ''): ProxyRequest => {
  const body = new Body(value, 'toxiproxy.Proxy');
  // Types first, then what is missing, as Go does it.
  const [name = '', upstream = '', listen = ''] = (['name', 'upstream', 'listen'] as const).map((key) =>
    body.get(key, 'string'),
  );
  const enabled = body.get('enabled', 'boolean') ?? true;
  if (name === '') throw refusals.missingField(`name${suffix}`);
  if (upstream === '') throw refusals.missingField(`upstream${suffix}`);
  const hang = body.get('hang', 'boolean');
  checkHang(hang === true, listen);
  return { name, upstream, listen, enabled, hang, toxics: readToxics(body.raw('toxics') ?? undefined) };
};

const readToxics = (list: unknown): ProxyRequest['toxics'] => {
  if (list === undefined) return undefined;
  if (!Array.isArray(list))
    throw refusals.badBody('json: cannot unmarshal into Go struct field Proxy.toxics of type []Toxic');
  const read = list.map((toxic) => readToxic(toxic));
  if (new Set(read.map(({ toxic }) => toxic.name)).size < read.length) throw refusals.toxicExists();
  return read;
};

/** Makes the toxics of a proxy those of a request. One that it has by name, type and stream works on, with what it is given. */
export const putToxics = (proxy: WireProxy, toxics: NonNullable<ProxyRequest['toxics']>): void => {
  for (const direction of DIRECTIONS) {
    const before = proxy.toxics(direction);
    const wanted = toxics.filter((one) => one.direction === direction);
    proxy.setToxics(
      direction,
      wanted.map(({ toxic }) => {
        const { name, kind, stream, toxicity, attributes } = toxic;
        const same = before.find((one) => one.name === name && one.kind === kind && one.stream === stream);
        return same === undefined ? toxic : Object.assign(same, { toxicity, attributes });
      }),
    );
  }
};

/** How the proxy of a request begins: with its toxics. */
export const startOf = ({ enabled, hang = false, toxics = [] }: ProxyRequest) => ({
  enabled,
  hang,
  prepare: (created: WireProxy): void => putToxics(created, toxics),
});

export const proxyRoutes = (registry: Registry): readonly Route[] => {
  const update = async (name: string, body: string): Promise<Reply> => {
    const proxy = proxyNamed(registry, name);
    const wanted = new Body(firstJson(body), 'toxiproxy.Proxy');
    const listen = wanted.get('listen', 'string');
    const upstream = wanted.get('upstream', 'string');
    const enabled = wanted.get('enabled', 'boolean');
    const hang = wanted.get('hang', 'boolean');
    checkHang(hang ?? proxy.hanging, listen ?? proxy.listen);
    await proxy.update({
      ...(listen !== undefined && { listen }),
      ...(upstream !== undefined && { upstream }),
      ...(enabled !== undefined && { enabled }),
      ...(hang !== undefined && { hang }),
    });
    return json(200, proxyJson(proxy));
  };
  const updateInTurn: Route['answer'] = ({ parameters: { proxy: name = '' }, body }) =>
    registry.inTurn([name], () => update(name, body));
  return [
    {
      method: 'GET',
      path: '/proxies',
      answer: () => json(200, Object.fromEntries(registry.proxies.map((proxy) => [proxy.name, proxyJson(proxy)]))),
    },
    {
      method: 'POST',
      path: '/proxies',
      answer: async ({ body }) => {
        const request = readProxy(firstJson(body));
        const proxy = await registry.create(request, startOf(request));
        if (proxy === undefined) throw refusals.proxyExists();
        return json(201, proxyJson(proxy));
      },
    },
    {
      method: 'GET',
      path: '/proxies/{proxy}',
      answer: ({ parameters }) => json(200, proxyJson(proxyNamed(registry, parameters['proxy']))),
    },
    { method: 'PATCH', path: '/proxies/{proxy}', answer: updateInTurn },
    { method: 'POST', path: '/proxies/{proxy}', answer: updateInTurn },
    {
      method: 'DELETE',
      path: '/proxies/{proxy}',
      answer: async ({ parameters }) => {
        if (!(await registry.remove(parameters['proxy'] ?? ''))) throw refusals.proxyNotFound();
        return noContent;
      },
    },
  ];
};
