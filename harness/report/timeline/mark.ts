/**
 * One instant of the time line: what the lanes are made of, the same for the picture, the canvas and the tables.
 *
 * Owns lanes, kinds, tones and the sentence that describes a mark. No Node and no DOM: it runs in the page as well.
 */
import { counted } from '../text/quantity.ts';

export const LANES = ['client', 'proxy, client side', 'proxy, server side', 'server', 'processes'] as const;

/** Places in {@link LANES}. */
export const LANE = { client: 0, proxyClient: 1, proxyServer: 2, server: 3, processes: 4 } as const;

/** Which way the bytes go: 0 none, 1 upstream (client to server), 2 downstream. */
export const WAY = { none: 0, upstream: 1, downstream: 2 } as const;
export const WAY_NAMES = ['', 'upstream', 'downstream'] as const;

/** How a mark is drawn: its shape says what it is, its tone how it matters. */
export type Shape = 'dot' | 'ring' | 'tick' | 'diamond' | 'cross' | 'half' | 'flag';
export type Tone = 'up' | 'down' | 'plain' | 'bad' | 'fault' | 'end' | 'faint';

export interface Kind<Name extends string = string> {
  readonly name: Name;
  readonly shape: Shape;
  /** `way`: the tone of the mark's direction. */
  readonly tone: Tone | 'way';
}

/** Keeps the name as it is written: what has no kind of its own must not compile. */
const kind = <Name extends string>(name: Name, shape: Shape, tone: Kind['tone']): Kind<Name> => ({ name, shape, tone });

/** Every kind a mark can be. A stored time line names them by their place here: append only. */
export const KINDS = [
  kind('listening', 'diamond', 'plain'),
  kind('connecting', 'ring', 'plain'),
  kind('unsupported', 'diamond', 'end'),
  kind('connected', 'diamond', 'plain'),
  kind('accepted', 'diamond', 'plain'),
  kind('sending', 'ring', 'way'),
  kind('sent', 'tick', 'way'),
  kind('received', 'dot', 'way'),
  kind('heard', 'dot', 'way'),
  kind('read', 'tick', 'way'),
  kind('wrote', 'tick', 'way'),
  kind('shutdown', 'half', 'end'),
  kind('eof', 'half', 'end'),
  kind('failed', 'cross', 'bad'),
  kind('closed', 'ring', 'end'),
  kind('done', 'diamond', 'plain'),
  kind('dialed', 'diamond', 'plain'),
  kind('dial-failed', 'cross', 'bad'),
  kind('fin-read', 'half', 'end'),
  kind('fin-wrote', 'half', 'end'),
  kind('rst-read', 'cross', 'end'),
  kind('rst-wrote', 'cross', 'end'),
  kind('effect', 'flag', 'fault'),
  kind('stopped', 'ring', 'end'),
  kind('dropped', 'cross', 'end'),
  kind('spawned', 'diamond', 'plain'),
  kind('garbage', 'cross', 'bad'),
  kind('flooded', 'cross', 'bad'),
  kind('input-ended', 'half', 'end'),
  kind('signalled', 'flag', 'fault'),
  kind('overdue', 'cross', 'bad'),
  kind('exited', 'ring', 'end'),
  kind('unstartable', 'cross', 'bad'),
  kind('stalled', 'tick', 'faint'),
  kind('setup-failed', 'cross', 'bad'),
  kind('interrupted', 'cross', 'bad'),
  kind('finished', 'ring', 'end'),
  kind('reading', 'tick', 'faint'),
  kind('round', 'diamond', 'plain'),
  kind('output', 'tick', 'plain'),
  kind('left-behind', 'cross', 'bad'),
  kind('clock', 'tick', 'faint'),
  kind('left-out', 'cross', 'bad'),
  kind('container', 'flag', 'fault'),
] as const satisfies readonly Kind[];

export type KindName = (typeof KINDS)[number]['name'];

const KIND_NUMBERS = Object.fromEntries(KINDS.map(({ name }, index) => [name, index])) as Readonly<
  Record<KindName, number>
>;

/** Place of a kind in {@link KINDS}. */
export function kindNumber(name: KindName): number {
  return KIND_NUMBERS[name];
}

/** One instant. Numbers that do not apply are −1. */
export interface Mark {
  readonly atMs: number;
  readonly lane: number;
  /** Place in {@link KINDS}. */
  readonly kind: number;
  readonly way: number;
  /** Number of the connection: the proxy's where both sides could be joined. */
  readonly conn: number;
  readonly seq: number;
  readonly bytes: number;
  /** Where in its direction's stream its bytes begin. */
  readonly offset: number;
  /** What cannot be said in numbers, one line, already fit to be shown. */
  readonly text: string;
}

export function kindOf(mark: Mark): Kind {
  return KINDS[mark.kind] ?? KINDS[0];
}

/** The tone a mark is drawn in. */
export function toneOf(mark: Mark): Tone {
  const { tone } = kindOf(mark);
  if (tone !== 'way') return tone;
  return mark.way === WAY.downstream ? 'down' : 'up';
}

/** A mark in words: `received message 3, 1,024 bytes`. */
export function describeMark(mark: Mark): string {
  const parts: string[] = [kindOf(mark).name.replaceAll('-', ' ')];
  if (mark.seq >= 0) parts.push(`message ${mark.seq}`);
  const sizes: string[] = [];
  if (mark.bytes >= 0) sizes.push(counted(mark.bytes, 'byte'));
  if (mark.offset >= 0 && mark.lane !== LANE.client && mark.lane !== LANE.server) sizes.push(`at byte ${mark.offset}`);
  if (mark.way !== WAY.none && mark.seq < 0) sizes.push(WAY_NAMES[mark.way] ?? '');
  const said = sizes.length === 0 ? parts.join(' ') : `${parts.join(' ')}, ${sizes.join(', ')}`;
  return mark.text === '' ? said : `${said}: ${mark.text}`;
}
