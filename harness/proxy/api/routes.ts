/**
 * All routes of the API, and the small ones that need no file of their own.
 */
import type { Journal } from '../events/journal.ts';
import type { Registry } from '../proxies/registry.ts';
import { connectionRoutes } from './connections.ts';
import { eventRoutes } from './events.ts';
import { metricsRoutes } from './metrics.ts';
import { populateRoutes } from './populate.ts';
import { proxyRoutes } from './proxies.ts';
import { noContent } from './reply.ts';
import type { Route } from './router.ts';
import { toxicRoutes } from './toxics.ts';

/** The version of Toxiproxy whose interface this is; clients compare it. */
export const TOXIPROXY_VERSION = '2.12.0';

export interface ApiContext {
  readonly registry: Registry;
  readonly journal: Journal;
  readonly metrics: { readonly proxyMetrics: boolean; readonly runtimeMetrics: boolean };
}

export const routesOf = ({ registry, journal, metrics }: ApiContext): readonly Route[] => [
  {
    method: 'GET',
    path: '/version',
    // Toxiproxy answers with this type and this newline.
    answer: () => ({
      status: 200,
      type: 'application/json;charset=utf-8',
      body: `{"version": "${TOXIPROXY_VERSION}"}\n`,
    }),
  },
  {
    method: 'POST',
    path: '/reset',
    answer: async () => {
      await registry.reset();
      return noContent;
    },
  },
  ...proxyRoutes(registry),
  ...toxicRoutes(registry),
  ...populateRoutes(registry),
  ...connectionRoutes(registry),
  ...eventRoutes(journal),
  ...metricsRoutes(registry, metrics),
];
