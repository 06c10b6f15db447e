/**
 * Whatever notices a dead peer must spare one that is slow and alive: each scenario of a deadline has a twin that only
 * comes near it, and must raise nothing.
 */
import { expect, test } from 'vitest';

import { loadCatalogue } from '../harness/suite/catalogue.ts';

/** Twins, each with the beginnings of the ids that it stands beside: the same deadline, kept. */
const TWINS: Readonly<Record<string, readonly string[]>> = {
  'backpressure/a-stall-that-ends-loses-nothing': [
    'backpressure/',
    'dead-peer/silence-behind',
    'select/a-stuck-reader',
  ],
  'dead-peer/jitter-below-the-limit-raises-nothing': [
    'dead-peer/a-client-notices',
    'dead-peer/a-server-notices',
    'dead-peer/a-server-lets-go',
    'dead-peer/a-reset-told',
    'dead-peer/half-a-heartbeat',
  ],
  'dead-peer/a-pause-below-the-limit-raises-nothing': ['dead-peer/a-stalled-line', 'dead-peer/a-peer-that-dies'],
  'dead-peer/a-frozen-server-that-thaws-in-time-is-alive': ['dead-peer/a-frozen'],
  'dead-peer/a-short-cut-of-the-network-is-outlived': [
    'dead-peer/a-host-that-is-gone',
    'dead-peer/a-server-cut-off',
    'dead-peer/keepalive',
    'timeout/data-that-nobody',
    'timeout/the-kernel-giving-up',
    'timeout/the-user-timeout',
  ],
  'timeout/latency-below-the-deadline-is-harmless': [
    'connect/',
    'reconnect/a-request-whose-answer-is-lost',
    'timeout/a-greeting',
    'timeout/a-reply-slower',
    'timeout/a-server-that-never',
    'timeout/a-stall',
  ],
  'timeout/heartbeats-before-a-reply-are-harmless': ['timeout/heartbeats-are-no-reply'],
  'partial-recv/a-drip-within-the-deadline-is-harmless': [
    'framing/a-length-one-too-long',
    'timeout/a-server-does-not-wait',
    'timeout/a-slow-drip',
    'timeout/a-stream-that-drips',
  ],
  'select/a-slow-connection-does-not-delay-the-others': [
    'select/a-connection-that-says-nothing',
    'select/half-a-message',
  ],
};

const catalogue = await loadCatalogue();
const SILENCE: ReadonlySet<string> = new Set(['timeout', 'dead-peer']);

/** Scenarios in which a side gives up by a deadline of its own or the kernel's, and by nothing else. */
const fast = catalogue.filter(({ scenario }) =>
  scenario.expect.some((each) => each.kind === 'fails' && each.codes.every((code) => SILENCE.has(code))),
);

test('there are scenarios of a deadline', () => {
  expect(fast.length).toBeGreaterThan(25);
});

test.for(fast)('$id has a twin that is slow and alive', ({ id }) => {
  const twins = Object.keys(TWINS).filter((twin) => TWINS[twin]?.some((beginning) => id.startsWith(beginning)));
  expect(twins).toHaveLength(1);
});

test.for(Object.keys(TWINS))('%s raises nothing, and would catch who cannot wait', (id) => {
  const twin = catalogue.find((entry) => entry.id === id)?.scenario;
  expect(twin?.faults).not.toEqual([]);
  expect(twin?.expect.map(({ kind }) => kind)).toContain('completes');
  expect(twin?.expect.map(({ kind }) => kind)).not.toContain('fails');
  expect(twin?.kills).not.toEqual([]);
});
