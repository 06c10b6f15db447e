/**
 * The kernel's rules as text: what nft is told, and what nft and tc say of them. Pure.
 */
import type { Hook, IcmpError, Packets } from './request.ts';

/** Of every table that the helper makes. */
export const TABLE_PREFIX = 'halfopen_';

const MATCHES: Readonly<Record<Packets, string>> = {
  all: '',
  syn: 'tcp flags & (syn | ack) == syn',
  rst: 'tcp flags & rst == rst',
};

/** Which packets a rule takes. */
export interface Taken {
  readonly hook: Hook;
  readonly packets: Packets;
  /** One in so many. */
  readonly oneIn: number;
}

/** What becomes of a packet that a rule takes. */
export type Fate = 'drop' | `reject with icmp type ${IcmpError}`;

/**
 * A table that takes packets and counts them (man 8 nft). Loopback is left alone: the engine's name service is there.
 * `numgen inc` counts packets from 0: every so-many-th is taken, which is no matter of chance.
 */
export function nftTable(table: string, { hook, packets, oneIn }: Taken, fate: Fate): string {
  const device = hook === 'output' ? 'oifname' : 'iifname';
  const share = oneIn === 1 ? '' : `numgen inc mod ${oneIn} ${oneIn - 1}`;
  const match = [`${device} != "lo"`, MATCHES[packets], share].filter((part) => part !== '').join(' ');
  return [
    `table inet ${table} {`,
    '  counter taken { }',
    `  chain ${hook} {`,
    `    type filter hook ${hook} priority 0;`,
    `    ${match} counter name taken ${fate}`,
    '  }',
    '}',
  ].join('\n');
}

/** The packets that a table's counter has counted, from `nft --json list counters`. */
export function packetsTaken(json: string): number {
  const { nftables } = JSON.parse(json) as { nftables: { counter?: { packets: number } }[] };
  return nftables.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0);
}

/** How often a token bucket was empty when a packet came, from `tc --json --statistics qdisc show`. */
export function overlimits(json: string): number {
  const qdiscs = JSON.parse(json) as { kind: string; overlimits?: number }[];
  return qdiscs.reduce((sum, { kind, overlimits: count = 0 }) => sum + (kind === 'tbf' ? count : 0), 0);
}

/** How many tables are of a helper's making, from `nft --json list tables`. */
export function tablesMade(json: string): number {
  const { nftables } = JSON.parse(json) as { nftables: { table?: { name: string } }[] };
  return nftables.filter(({ table }) => table?.name.startsWith(TABLE_PREFIX) === true).length;
}

/** How many token buckets there are, from `tc --json qdisc show`. */
export function bucketsMade(json: string): number {
  return (JSON.parse(json) as { kind: string }[]).filter(({ kind }) => kind === 'tbf').length;
}
