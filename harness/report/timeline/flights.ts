/**
 * How bytes crossed from lane to lane: the slanted lines of the time line.
 *
 * Inside the proxy a piece that was written is tied to the piece that was read with its last byte; between a subject
 * and the proxy, a message is tied by its place in the stream. No Node and no DOM: it runs in the page as well.
 */
import { kindNumber, LANE, WAY, WAY_NAMES } from './mark.ts';
import type { Mark } from './mark.ts';

export interface Flight {
  readonly fromMs: number;
  readonly fromLane: number;
  readonly toMs: number;
  readonly toLane: number;
  readonly way: number;
}

/** For one direction: the lanes that its bytes pass, in order. */
interface Route {
  readonly sender: number;
  readonly entry: number;
  readonly exit: number;
  readonly receiver: number;
}

const ROUTES: Readonly<Record<number, Route>> = {
  [WAY.upstream]: { sender: LANE.client, entry: LANE.proxyClient, exit: LANE.proxyServer, receiver: LANE.server },
  [WAY.downstream]: { sender: LANE.server, entry: LANE.proxyServer, exit: LANE.proxyClient, receiver: LANE.client },
};

/** What one direction of one connection carried, by where it was seen. */
interface Stream {
  readonly sent: Mark[];
  readonly read: Mark[];
  readonly wrote: Mark[];
  readonly received: Mark[];
}

/** The flights of marks that are in order of time. */
export function flightsOf(marks: readonly Mark[]): Flight[] {
  const streams = new Map<number, Stream>();
  for (const mark of marks) {
    if (mark.way === WAY.none || mark.conn < 0 || mark.offset < 0 || mark.bytes < 0) continue;
    const key = mark.conn * STREAMS_OF_CONNECTION + mark.way;
    let stream = streams.get(key);
    if (stream === undefined) {
      stream = { sent: [], read: [], wrote: [], received: [] };
      streams.set(key, stream);
    }
    placeIn(stream, mark);
  }
  return [...streams.values()].flatMap(streamFlights);
}

const STREAMS_OF_CONNECTION = WAY_NAMES.length;

function placeIn(stream: Stream, mark: Mark): void {
  const route = ROUTES[mark.way];
  if (route === undefined) return;
  if (mark.kind === READ && mark.lane === route.entry) stream.read.push(mark);
  else if (mark.kind === WROTE && mark.lane === route.exit) stream.wrote.push(mark);
  else if (mark.kind === SENDING && mark.lane === route.sender) stream.sent.push(mark);
  else if (mark.kind === RECEIVED && mark.lane === route.receiver) stream.received.push(mark);
}

function streamFlights({ sent, read, wrote, received }: Stream): Flight[] {
  return [...carried(sent, read), ...carriedBack(wrote, read), ...carriedBack(received, wrote)];
}

const SENDING = kindNumber('sending');
const READ = kindNumber('read');
const WROTE = kindNumber('wrote');
const RECEIVED = kindNumber('received');

/** From each mark to the piece that holds its first byte; none where that piece was not kept. */
function carried(from: readonly Mark[], pieces: readonly Mark[]): Flight[] {
  let next = 0;
  return from.flatMap((mark) => {
    while (next < pieces.length && endOf(pieces[next]) <= mark.offset) next += 1;
    const piece = pieces[next];
    return piece === undefined || piece.offset > mark.offset ? [] : [flight(mark, piece)];
  });
}

/** To each mark from the piece with its last byte; none where that piece was not kept. */
function carriedBack(to: readonly Mark[], pieces: readonly Mark[]): Flight[] {
  let next = 0;
  return to.flatMap((mark) => {
    while (next < pieces.length && endOf(pieces[next]) < endOf(mark)) next += 1;
    const piece = pieces[next];
    const carries = piece !== undefined && piece.atMs <= mark.atMs && piece.offset < Math.max(1, endOf(mark));
    return carries ? [flight(piece, mark)] : [];
  });
}

function endOf(mark: Mark | undefined): number {
  return mark === undefined ? 0 : mark.offset + mark.bytes;
}

function flight(from: Mark, to: Mark): Flight {
  return { fromMs: from.atMs, fromLane: from.lane, toMs: to.atMs, toLane: to.lane, way: from.way };
}
