import { expect, test } from 'vitest';

import { nftTable, overlimits, packetsTaken } from './rules.ts';

test('a table drops what leaves or comes by the network, and leaves loopback alone', () => {
  expect(nftTable('t', { hook: 'output', packets: 'all', oneIn: 1 }, 'drop')).toContain(
    'oifname != "lo" counter name taken',
  );
  expect(nftTable('t', { hook: 'input', packets: 'all', oneIn: 1 }, 'drop')).toContain(
    'iifname != "lo" counter name taken',
  );
});

test('only openings, only resets', () => {
  expect(nftTable('t', { hook: 'output', packets: 'syn', oneIn: 1 }, 'drop')).toContain(
    'tcp flags & (syn | ack) == syn counter',
  );
  expect(nftTable('t', { hook: 'output', packets: 'rst', oneIn: 1 }, 'drop')).toContain(
    'tcp flags & rst == rst counter',
  );
});

test('what is taken is dropped, or answered by an ICMP error', () => {
  const openings = { hook: 'output', packets: 'syn', oneIn: 1 } as const;
  expect(nftTable('t', openings, 'drop')).toContain('counter name taken drop\n');
  expect(nftTable('t', openings, 'reject with icmp type host-unreachable')).toContain(
    'tcp flags & (syn | ack) == syn counter name taken reject with icmp type host-unreachable\n',
  );
});

test('one packet in five is the fifth, so that the first one passes', () => {
  expect(nftTable('t', { hook: 'output', packets: 'all', oneIn: 5 }, 'drop')).toContain('numgen inc mod 5 4 counter');
});

test('counters are added up, and what is no counter is passed over', () => {
  const json = { nftables: [{ metainfo: {} }, { counter: { packets: 3 } }, { counter: { packets: 4 } }] };
  expect(packetsTaken(JSON.stringify(json))).toBe(7);
  expect(packetsTaken('{"nftables":[]}')).toBe(0);
});

test('only token buckets make packets wait', () => {
  const qdiscs = [{ kind: 'noqueue', overlimits: 9 }, { kind: 'tbf', overlimits: 5 }, { kind: 'tbf' }];
  expect(overlimits(JSON.stringify(qdiscs))).toBe(5);
});
