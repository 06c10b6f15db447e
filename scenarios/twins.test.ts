/**
 * Whatever notices a dead peer must spare one that is slow and alive: each scenario of a deadline has a twin that only
 * comes near it, and must raise nothing.
 */
import { expect, test } from 'vitest';

import { HEADER_BYTES } from '../harness/contract/framing.ts';
import type { Fault } from '../harness/scenario/fault.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';

/** Twins, each with the beginnings of the ids that it stands beside, as patterns: the same deadline of the same side, kept. */
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
    'dead-peer/a-line-deaf',
    'select/a-full-window',
  ],
  'dead-peer/a-pause-below-the-limit-raises-nothing': ['dead-peer/a-stalled-line', 'dead-peer/a-peer-that-dies'],
  'dead-peer/a-frozen-server-that-thaws-in-time-is-alive': ['dead-peer/a-frozen-server'],
  'dead-peer/a-frozen-client-that-thaws-in-time-is-alive': ['dead-peer/a-frozen-client'],
  'dead-peer/a-short-cut-of-the-network-is-outlived': [
    'dead-peer/a-host-that-is-gone',
    'dead-peer/a-server-cut-off',
    'timeout/data-that-nobody',
    'timeout/the-kernel-giving-up',
  ],
  'timeout/an-outage-shorter-than-the-user-timeout-is-outlived': ['timeout/the-user-timeout'],
  'dead-peer/a-keepalive-probe-that-is-lost-is-sent-again': ['dead-peer/keepalive'],
  'timeout/latency-below-the-deadline-is-harmless': [
    'reconnect/a-request-whose-answer-is-lost',
    'timeout/a-greeting',
    'timeout/a-reply-slower',
    'timeout/a-server-that-never',
    'timeout/a-stall-(?!.*request)',
  ],
  'connect/a-full-queue-that-drains-lets-the-waiting-in': ['connect/'],
  'timeout/heartbeats-before-a-reply-are-harmless': ['timeout/heartbeats-are-no-reply'],
  'partial-recv/a-drip-within-the-deadline-is-harmless': [
    'framing/a-length-one-too-long',
    'timeout/a-slow-drip-does-not-outlive',
    'timeout/a-stream-that-drips',
  ],
  'partial-recv/a-request-that-drips-within-the-deadline-is-harmless': [
    'timeout/a-server-does-not-wait',
    'timeout/a-slow-drip-does-not-hold',
    'timeout/a-stall-.*request',
  ],
  'select/a-slow-connection-does-not-delay-the-others': [
    'select/a-connection-that-says-nothing',
    'select/half-a-message',
  ],
};

/**
 * A twin takes 0.8 to 0.9 of its limit, which is longer than that of those it stands beside, so that what is left is time enough. Below that a limit kept by half would be all that it finds; above, its margin would
 * have to be longer than a host can stand still, and the limit, of which it is a part, longer than anybody waits for a test.
 */
const NEAR = { least: 0.8, most: 0.9 };
/** A host may stall for 100 ms at either end of a wait. DESIGN, Verdicts. */
const MARGIN_MS = 200;

/** Where the delay is not the plan's alone to make: nobody can say beforehand how near it comes. */
const BY_THE_KERNEL: Readonly<Record<string, string>> = {
  'dead-peer/a-short-cut-of-the-network-is-outlived':
    'what was lost in 700 ms the kernel sends again after pauses that double: up to 1.4 s of its 1.75',
  'timeout/an-outage-shorter-than-the-user-timeout-is-outlived':
    'what was lost in 700 ms the kernel sends again after pauses that double: up to 1.4 s of its 4, which Linux counts from the first of them',
  'dead-peer/a-keepalive-probe-that-is-lost-is-sent-again':
    'probes come at whole seconds: one is lost of the three that may be',
};

/** Linux asks again after 1 and 3 seconds, or after each: a queue that has room at some time is found at the next of these. */
const ASKS_AGAIN_MS = 3000;

/** How long a fault keeps from a side what it waits for. */
function delayMs(fault: Fault | undefined, { messageBytes, framing }: Scenario['params']): number {
  if (fault?.kind === 'latency') return fault.latencyMs + fault.jitterMs;
  if (fault?.kind === 'fragment') return (messageBytes + HEADER_BYTES[framing] - 1) * fault.gapMs;
  if (fault?.kind === 'script') return sum(fault.steps.map((step) => (step.do === 'pause' ? step.ms : 0)));
  const forMs = fault !== undefined && 'forMs' in fault ? (fault.forMs ?? 0) : 0;
  return fault?.kind === 'hang-connect' && forMs > 2000 ? ASKS_AGAIN_MS : forMs;
}

/** The limit that a twin comes near to; a peer is told by heartbeats, of which the last may be one interval old. */
function limitMs({ workload, faults: [fault], params }: Scenario): number {
  if (workload === 'idle') return params.deadPeerMs - params.heartbeatMs;
  return fault?.kind === 'hang-connect' ? params.connectTimeoutMs : params.ioTimeoutMs;
}

/** Those whose delay is drawn anew for each piece. */
const JITTERING = [
  'dead-peer/jitter-below-the-limit-raises-nothing',
  'timeout/latency-below-the-deadline-is-harmless',
  'select/a-slow-connection-does-not-delay-the-others',
];

const sum = (times: readonly number[]): number => times.reduce((total, ms) => total + ms, 0);

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
  const twins = Object.keys(TWINS).filter((twin) =>
    TWINS[twin]?.some((beginning) => new RegExp(`^${beginning}`, 'u').test(id)),
  );
  expect(twins).toHaveLength(1);
});

test.for(Object.keys(TWINS))('%s raises nothing, and would catch who cannot wait', (id) => {
  const twin = catalogue.find((entry) => entry.id === id)?.scenario;
  expect(twin?.faults).not.toEqual([]);
  expect(twin?.expect.map(({ kind }) => kind)).toContain('completes');
  expect(twin?.expect.map(({ kind }) => kind)).not.toContain('fails');
  expect(twin?.kills).not.toEqual([]);
});

test.for(Object.keys(TWINS).filter((id) => !(id in BY_THE_KERNEL)))(
  '%s comes near to its limit, and not too near',
  (id) => {
    const twin = catalogue.find((entry) => entry.id === id)?.scenario;
    if (twin === undefined) throw new Error(`there is no scenario ${id}`);
    const [delay, limit] = [delayMs(twin.faults[0], twin.params), limitMs(twin)];
    expect(delay / limit).toBeGreaterThanOrEqual(NEAR.least);
    expect(delay / limit).toBeLessThanOrEqual(NEAR.most);
    expect(limit - delay).toBeGreaterThanOrEqual(MARGIN_MS);
  },
);

test.for(JITTERING)('%s jitters up to nine tenths of its limit', (id) => {
  const twin = catalogue.find((entry) => entry.id === id)?.scenario;
  const fault = twin?.faults[0];
  if (twin === undefined || fault?.kind !== 'latency') throw new Error(`there is no scenario ${id} with a delay`);
  expect(fault.jitterMs).toBeGreaterThan(0);
  expect(delayMs(fault, twin.params) / limitMs(twin)).toBeCloseTo(NEAR.most, 5);
});
