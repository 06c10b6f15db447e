/**
 * `/proxies/{proxy}/toxics` and `/proxies/{proxy}/toxics/{toxic}`, and the same for the toxics of one connection.
 *
 * When an answer is sent, the change is in force on every connection it is for.
 */
import type { Registry } from '../proxies/registry.ts';
import { DIRECTIONS, type Direction } from '../stream/item.ts';
import type { Toxic } from '../toxics/kind.ts';
import { firstJson } from './body.ts';
import { proxyNamed } from './proxies.ts';
import { json, noContent, refusals } from './reply.ts';
import type { Route } from './router.ts';
import { readToxic, readToxicUpdate, toxicJson } from './toxic-json.ts';

/** What toxics are put on: a proxy, or one connection. */
export interface Holder {
  toxics(direction: Direction): readonly Toxic[];
  setToxics(direction: Direction, toxics: readonly Toxic[]): void;
}

type Parameters = Readonly<Record<string, string>>;

interface Place {
  /** Of the list; a toxic is below it. */
  readonly path: string;
  /** @throws Refusal */
  readonly find: (parameters: Parameters) => Holder;
  /** Those whose names a new toxic there must not have. */
  readonly others: (parameters: Parameters) => readonly Holder[];
}

const toxicNamed = (
  holder: Holder,
  name: string | undefined,
): { readonly toxic: Toxic; readonly direction: Direction } => {
  for (const direction of DIRECTIONS) {
    const toxic = holder.toxics(direction).find((one) => one.name === name);
    if (toxic !== undefined) return { toxic, direction };
  }
  throw refusals.toxicNotFound();
};

/** Whether one of them has a toxic of that name. */
export const isNameTaken = (holders: readonly Holder[], name: string): boolean =>
  holders.some((holder) => DIRECTIONS.some((one) => holder.toxics(one).some((toxic) => toxic.name === name)));

/** The routes for the toxics of one kind of holder. */
export const toxicRoutesOf = ({ path, find, others }: Place): readonly Route[] => {
  const one = `${path}/{toxic}`;
  const findToxic = (parameters: Parameters) => {
    const holder = find(parameters);
    return { holder, ...toxicNamed(holder, parameters['toxic']) };
  };
  const update: Route['answer'] = ({ parameters, body }) => {
    const { holder, toxic, direction } = findToxic(parameters);
    Object.assign(toxic, readToxicUpdate(firstJson(body), toxic));
    holder.setToxics(direction, holder.toxics(direction));
    return json(200, toxicJson(toxic));
  };
  return [
    {
      method: 'GET',
      path,
      answer: ({ parameters }) => {
        const holder = find(parameters);
        return json(
          200,
          DIRECTIONS.flatMap((direction) => holder.toxics(direction).map(toxicJson)),
        );
      },
    },
    {
      method: 'POST',
      path,
      answer: ({ parameters, body }) => {
        const holder = find(parameters);
        const { toxic, direction } = readToxic(firstJson(body));
        if (isNameTaken([holder, ...others(parameters)], toxic.name)) throw refusals.toxicExists();
        holder.setToxics(direction, [...holder.toxics(direction), toxic]);
        return json(200, toxicJson(toxic));
      },
    },
    { method: 'GET', path: one, answer: ({ parameters }) => json(200, toxicJson(findToxic(parameters).toxic)) },
    { method: 'PATCH', path: one, answer: update },
    { method: 'POST', path: one, answer: update },
    {
      method: 'DELETE',
      path: one,
      answer: ({ parameters }) => {
        const { holder, toxic, direction } = findToxic(parameters);
        holder.setToxics(
          direction,
          holder.toxics(direction).filter((other) => other !== toxic),
        );
        return noContent;
      },
    },
  ];
};

export const toxicRoutes = (registry: Registry): readonly Route[] =>
  toxicRoutesOf({
    path: '/proxies/{proxy}/toxics',
    find: ({ proxy }) => proxyNamed(registry, proxy),
    others: ({ proxy }) => [...proxyNamed(registry, proxy).connections.values()],
  });
