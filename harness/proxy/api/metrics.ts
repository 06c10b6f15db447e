/**
 * `GET /metrics`: Prometheus text, when a flag asked for it. Open connections count too.
 */
import type { Registry } from '../proxies/registry.ts';
import { DIRECTIONS } from '../stream/item.ts';
import { heldBytes } from '../stream/item-queue.ts';
import type { Reply } from './reply.ts';
import type { Route } from './router.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const family = (name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string => {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
};

const proxyMetrics = (registry: Registry): string => {
  const samples = (which: 'read' | 'wrote'): Sample[] =>
    registry.counts.all.flatMap(({ name: proxy, listen: listener, upstream, bytes }) =>
      DIRECTIONS.map((direction) => ({
        labels: { direction, listener, proxy, upstream },
        value: bytes[direction][which],
      })),
    );
  const connections = registry.proxies.map((proxy) => ({
    labels: { proxy: proxy.name },
    value: proxy.connections.size,
  }));
  return [
    family('toxiproxy_proxy_received_bytes_total', 'counter', 'Bytes read from the senders.', samples('read')),
    family('toxiproxy_proxy_sent_bytes_total', 'counter', 'Bytes handed to the receivers.', samples('wrote')),
    family('halfopen_proxy_open_connections', 'gauge', 'Connections open now.', connections),
    family('halfopen_proxy_held_bytes', 'gauge', 'Bytes that wait in toxics and for receivers.', [
      { value: heldBytes() },
    ]),
  ].join('');
};

const runtimeMetrics = (): string => {
  const { user, system } = process.cpuUsage();
  return [
    family('process_cpu_seconds_total', 'counter', 'CPU time in seconds.', [{ value: (user + system) / 1e6 }]),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory in bytes.', [
      { value: process.memoryUsage.rss() },
    ]),
  ].join('');
};

export const metricsRoutes = (
  registry: Registry,
  {
    proxyMetrics: ofProxies,
    runtimeMetrics: ofRuntime,
  }: { readonly proxyMetrics: boolean; readonly runtimeMetrics: boolean },
): readonly Route[] => {
  if (!ofProxies && !ofRuntime) return [];
  const answer = (): Reply => ({
    status: 200,
    type: TYPE,
    body: `${ofProxies ? proxyMetrics(registry) : ''}${ofRuntime ? runtimeMetrics() : ''}`,
  });
  return [{ method: '*', path: '/metrics', answer }];
};
