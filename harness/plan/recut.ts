/**
 * Draws the ways of a `recut`: for each connection but the first some cutting, joining and delaying in either direction.
 *
 * Owns the draws; every one is a function of the seed. Pieces are far apart enough in time to be read apart, and all of a
 * way's delays together stay below the scenario's bound.
 */
import type { Params } from '../contract/params.ts';
import type { Workload } from '../contract/words.ts';
import { DIRECTIONS } from '../scenario/fault.ts';
import type { Direction, Fault, PlannedFault } from '../scenario/fault.ts';
import { draw } from './draw.ts';
import { shapeOf, streamBytes } from './place.ts';
import { messageOffset } from '../contract/framing.ts';

type Recut = Extract<Fault, { kind: 'recut' }>;
type Unnamed = PlannedFault extends infer Each ? (Each extends PlannedFault ? Omit<Each, 'id'> : never) : never;

/** Pieces with less between them are joined again by the kernel. */
const GAP_MS = 3;
/** Cuts at chosen places, at most. */
const MOST_CUTS = 6;

/** The planned faults of every way. The first is as good as left alone: it is what the others are compared with. */
export function resolveRecut({ ways, atMostMs }: Recut, workload: Workload, params: Params, seed: string): Unnamed[] {
  return Array.from({ length: ways }, (_, index) => index + 1).flatMap((conn) =>
    DIRECTIONS.flatMap((direction) => {
      const bytes = streamBytes({ workload, params }, direction);
      const drawn = (what: string, below: number): number => draw(seed, `way ${conn} ${direction} ${what}`, below);
      // Three measures a direction at most, and two directions, share the time.
      const choice = { workload, params, direction, conn, bytes, shareMs: atMostMs / 6, drawn };
      if (bytes < 2) return [];
      return conn === 1 ? delay(choice, 1) : wayOf(choice);
    }),
  );
}

interface Choice {
  readonly workload: Workload;
  readonly params: Params;
  readonly direction: Direction;
  readonly conn: number;
  readonly bytes: number;
  readonly shareMs: number;
  readonly drawn: (what: string, below: number) => number;
}

/**
 * Joining or delaying comes before cutting: a cut after it stays a cut. What is joined is cut in many places, for one of
 * them may be where a join on a busy host ends by itself.
 */
function wayOf(choice: Choice): Unnamed[] {
  const delayed = () => delay(choice, 1 + choice.drawn('latency', Math.floor(choice.shareMs / 2)));
  const first = [join, delayed][choice.drawn('first', 3)];
  const second = [first === join ? pieces : cut, pieces][choice.drawn('second', 3)];
  return [first, second].flatMap((measure) => measure?.(choice) ?? []);
}

function on({ direction, conn }: Choice) {
  return { direction, connections: [conn], when: { on: 'before-connect' } as const };
}

function delay(choice: Choice, latencyMs: number): Unnamed[] {
  return [{ kind: 'latency', ...on(choice), latencyMs, jitterMs: latencyMs - 1 }];
}

/** What is joined was cut before: on a busy host whole messages may come joined already, and leave nothing to be joined. */
function join(choice: Choice): Unnamed[] {
  const { params, shareMs, bytes, drawn } = choice;
  const leastMs = Math.min(shareMs, params.paceMs * 2);
  const waitMs = Math.ceil(leastMs) + drawn('wait', Math.max(1, Math.floor(shareMs - leastMs)));
  return [
    ...pieces(choice),
    { kind: 'coalesce', ...on(choice), bytes: offsetAt(choice, 1) + drawn('bytes', bytes), waitMs },
  ];
}

/** Cuts inside messages: one between two messages that come apart cuts nothing. */
function cut(choice: Choice): Unnamed[] {
  const { params, drawn, shareMs } = choice;
  const most = Math.max(1, Math.min(MOST_CUTS, Math.floor(shareMs / GAP_MS)));
  const cuts = Array.from({ length: 1 + drawn('cuts', most) }, (_, index) => {
    const message = drawn(`cut ${index} message`, offsetAt(choice, 1) >= choice.bytes ? 1 : params.messages);
    const begin = offsetAt(choice, message);
    return begin + 1 + drawn(`cut ${index} byte`, offsetAt(choice, message + 1) - begin - 1);
  });
  return [{ kind: 'fragment', ...on(choice), at: [...new Set(cuts)].sort((a, b) => a - b), gapMs: GAP_MS }];
}

/** The whole stream in pieces of one size. */
function pieces(choice: Choice): Unnamed[] {
  const { bytes, shareMs, drawn } = choice;
  const every = Math.ceil(bytes / Math.max(2, Math.floor(shareMs / GAP_MS))) + drawn('size', 3);
  // Pieces as long as the messages would be the messages.
  const isWhole = every % offsetAt(choice, 1) === 0;
  return [{ kind: 'fragment', ...on(choice), every: isWhole ? every + 1 : every, gapMs: GAP_MS }];
}

function offsetAt({ workload, params, direction }: Choice, message: number): number {
  return messageOffset(shapeOf(workload, params, direction), message);
}
