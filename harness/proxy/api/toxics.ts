/**
 * `/proxies/{proxy}/toxics` and `/proxies/{proxy}/toxics/{toxic}`.
 *
 * When an answer is sent, the change is in force on every connection of the proxy.
 */
import type { Registry } from '../proxies/registry.ts';
import type { WireProxy } from '../proxies/wire-proxy.ts';
import { DIRECTIONS, type Direction } from '../stream/item.ts';
import type { Toxic } from '../toxics/kind.ts';
import { firstJson } from './body.ts';
import { proxyNamed } from './proxies.ts';
import { json, noContent, refusals } from './reply.ts';
import type { Route } from './router.ts';
import { readToxic, readToxicUpdate, toxicJson } from './toxic-json.ts';

const LIST = '/proxies/{proxy}/toxics';
const ONE = '/proxies/{proxy}/toxics/{toxic}';

const toxicNamed = (
  proxy: WireProxy,
  name: string | undefined,
): { readonly toxic: Toxic; readonly direction: Direction } => {
  for (const direction of DIRECTIONS) {
    const toxic = proxy.toxics(direction).find((one) => one.name === name);
    if (toxic !== undefined) return { toxic, direction };
  }
  throw refusals.toxicNotFound();
};

export const toxicRoutes = (registry: Registry): readonly Route[] => {
  const find = (parameters: Readonly<Record<string, string>>) => {
    const proxy = proxyNamed(registry, parameters['proxy']);
    return { proxy, ...toxicNamed(proxy, parameters['toxic']) };
  };
  const update: Route['answer'] = ({ parameters, body }) => {
    const { proxy, toxic, direction } = find(parameters);
    Object.assign(toxic, readToxicUpdate(firstJson(body), toxic));
    proxy.setToxics(direction, proxy.toxics(direction));
    return json(200, toxicJson(toxic));
  };
  return [
    {
      method: 'GET',
      path: LIST,
      answer: ({ parameters }) => {
        const proxy = proxyNamed(registry, parameters['proxy']);
        return json(
          200,
          DIRECTIONS.flatMap((direction) => proxy.toxics(direction).map(toxicJson)),
        );
      },
    },
    {
      method: 'POST',
      path: LIST,
      answer: ({ parameters, body }) => {
        const proxy = proxyNamed(registry, parameters['proxy']);
        const { toxic, direction } = readToxic(firstJson(body));
        if (DIRECTIONS.some((one) => proxy.toxics(one).some(({ name }) => name === toxic.name)))
          throw refusals.toxicExists();
        proxy.setToxics(direction, [...proxy.toxics(direction), toxic]);
        return json(200, toxicJson(toxic));
      },
    },
    { method: 'GET', path: ONE, answer: ({ parameters }) => json(200, toxicJson(find(parameters).toxic)) },
    { method: 'PATCH', path: ONE, answer: update },
    { method: 'POST', path: ONE, answer: update },
    {
      method: 'DELETE',
      path: ONE,
      answer: ({ parameters }) => {
        const { proxy, toxic, direction } = find(parameters);
        proxy.setToxics(
          direction,
          proxy.toxics(direction).filter((one) => one !== toxic),
        );
        return noContent;
      },
    },
  ];
};
