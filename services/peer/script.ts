/**
 * The script that the peer plays: read from the environment and checked at the door.
 *
 * Owns the shape of `HALFOPEN_SCRIPT`; playing it is `player.ts`.
 */

/** The whole messages that a step sends, all of one size, of which the peer is to tell. */
export interface Told {
  /** The number of the first. */
  readonly seq: number;
  readonly count: number;
  /** Bytes around each payload. */
  readonly header: number;
  readonly trailer: number;
}

export type Step =
  /** Hands over bytes, so often in one write. */
  | { readonly do: 'send'; readonly base64: string; readonly times: number; readonly tells: Told | null }
  /** Waits until so many more bytes have come, and keeps them as one message with this much around its payload. */
  | { readonly do: 'take'; readonly bytes: number; readonly header: number; readonly trailer: number }
  /** Answers the `of`-th message that was taken, from 0, with every byte of its payload complemented: bytes `from` up to `to` of it. */
  | { readonly do: 'reply'; readonly of: number; readonly from: number; readonly to: number | null }
  /** Waits for the end of what the other side sends. */
  | { readonly do: 'take-end' }
  | { readonly do: 'pause'; readonly ms: number }
  /** Ends the own writing. */
  | { readonly do: 'end' }
  | { readonly do: 'reset' }
  /** Lets go of the connection, whatever lies unread. */
  | { readonly do: 'close' };

export interface Script {
  /** Numbers of the peer's connections, from 1, that it is for; null: all that no other is for. */
  readonly connections: readonly number[] | null;
  readonly steps: readonly Step[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isTold = (value: unknown): boolean =>
  value === null || (isFields(value) && ['seq', 'count', 'header', 'trailer'].every((key) => isCount(value[key])));

/** What each step has to say. */
const STEPS: Readonly<Record<Step['do'], (step: Fields) => boolean>> = {
  send: ({ base64, times, tells }) => typeof base64 === 'string' && isCount(times) && isTold(tells),
  take: ({ bytes, header, trailer }) => isCount(bytes) && isCount(header) && isCount(trailer),
  reply: ({ of, from, to }) => isCount(of) && isCount(from) && (to === null || isCount(to)),
  'take-end': () => true,
  pause: ({ ms }) => typeof ms === 'number' && ms >= 0,
  end: () => true,
  reset: () => true,
  close: () => true,
};

function isStep(value: unknown): value is Step {
  if (!isFields(value) || typeof value['do'] !== 'string' || !Object.hasOwn(STEPS, value['do'])) return false;
  return STEPS[value['do'] as Step['do']](value);
}

function isScript(value: unknown): value is Script {
  if (!isFields(value)) return false;
  const { connections, steps } = value;
  const chosen = connections === null || (Array.isArray(connections) && connections.every(isCount));
  return chosen && Array.isArray(steps) && steps.every(isStep);
}

/** Reads the scripts; `undefined` where there is none, or one that cannot be played. */
export function readScripts(source: string | undefined): readonly Script[] | undefined {
  try {
    const value: unknown = JSON.parse(source ?? '');
    return Array.isArray(value) && value.length > 0 && value.every(isScript) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the peer plays on its connection `conn`. */
export function stepsFor(scripts: readonly Script[], conn: number): readonly Step[] {
  const own = scripts.find(({ connections }) => connections?.includes(conn) ?? false);
  return (own ?? scripts.find(({ connections }) => connections === null))?.steps ?? [];
}
