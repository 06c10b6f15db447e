/**
 * The workload parameters of the subject contract: types, ranges and defaults.
 *
 * Owns what `HALFOPEN_PARAMS` may say; how a subject behaves under it is the contract's text.
 */
import * as v from 'valibot';

import { FRAMINGS } from './words.ts';

/** Largest value any count, size or time may take: fits a 32-bit timer and every language's integer. */
const MAX_INTEGER = 2 ** 31 - 1;

/** One client has no more ports than this towards one server. */
const MOST_CONNECTIONS = 65_535;
/** What the harness computes, remembers and digests of an exchange is bounded by these: no more can be asked for. */
const MOST_MESSAGE_BYTES = 128 * 1024 * 1024;
const MOST_PAYLOAD_BYTES = 1024 * 1024 * 1024;
const MOST_MESSAGES = 1_000_000;

const natural = (fallback: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_INTEGER)), fallback);
const positive = (fallback: number, most = MAX_INTEGER) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most)), fallback);

/** The most that the kernel keeps, tcp(7): 32,767 seconds and 127 probes. */
const MOST_KEEPALIVE = { ms: 32_767_000, count: 127 };

const keepAliveMs = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_KEEPALIVE.ms));

export const keepAliveSchema = v.object({
  idleMs: keepAliveMs,
  intervalMs: keepAliveMs,
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_KEEPALIVE.count)),
});

const everyParam = v.object({
  framing: v.optional(v.picklist(FRAMINGS), 'prefix32'),
  messages: natural(10),
  messageBytes: positive(1024, MOST_MESSAGE_BYTES),
  content: v.optional(v.picklist(['bytes', 'text', 'zeros']), 'bytes'),
  // The payloads hash ASCII text.
  seed: v.optional(v.pipe(v.string(), v.regex(/^[\x20-\x7e]*$/u, 'printable ASCII')), '0'),
  paceMs: natural(0),
  connections: positive(1, MOST_CONNECTIONS),
  concurrency: positive(16),
  connectTimeoutMs: natural(1000),
  ioTimeoutMs: natural(1000),
  heartbeatMs: natural(0),
  deadPeerMs: natural(0),
  maxMessageBytes: positive(1_048_576),
  durationMs: natural(1000),
  readPauseMs: natural(0),
  backlog: positive(511),
  retries: natural(0),
  backoffMs: natural(50),
  keepAlive: v.optional(v.nullable(keepAliveSchema), null),
  userTimeoutMs: natural(0),
  trace: v.optional(v.boolean(), false),
});

/** `HALFOPEN_PARAMS` with every default filled in. Times in milliseconds, sizes in bytes. */
export const paramsSchema = v.pipe(
  everyParam,
  v.check(
    ({ messages, connections }) => messages * connections <= MOST_MESSAGES,
    `at most ${MOST_MESSAGES} messages in all, over every connection`,
  ),
  v.check(
    ({ messages, connections, messageBytes }) => messages * connections * messageBytes <= MOST_PAYLOAD_BYTES,
    `at most ${MOST_PAYLOAD_BYTES} bytes of messages in all, over every connection`,
  ),
);

export type Params = v.InferOutput<typeof paramsSchema>;
export type ParamsInput = v.InferInput<typeof paramsSchema>;
