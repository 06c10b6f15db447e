/**
 * The streams of an attempt as byte views, each with how it was cut in numbers.
 */
import { byteSvg, rowNames } from '../bytes/byte-svg.ts';
import { hexPane } from '../bytes/hex-pane.ts';
import { byteStreams } from '../bytes/stream.ts';
import type { ByteStream, MessageState, Stretch } from '../bytes/stream.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { ClaimsByConnection } from '../measure/claim-connections.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted } from '../text/quantity.ts';

/** The streams of an attempt, those on which a claim broke before the rest. */
export function streamsByUrgency(evidence: Evidence, claims: ClaimsByConnection): ByteStream[] {
  const isBroken = ({ conn }: ByteStream): number => Number(claims.of(conn) === 'fail');
  return byteStreams(evidence).sort((a, b) => isBroken(b) - isBroken(a));
}

/** The streams of an attempt as {@link streamsByUrgency} gives them, and the first of them, which are drawn. */
interface Streams {
  readonly streams: readonly ByteStream[];
  readonly drawn: readonly ByteStream[];
  /** Of the attempt's time line. */
  readonly id: string;
}

/** Null where no byte was told of. */
export function bytePart(evidence: Evidence, { streams, drawn, id }: Streams): Markup | null {
  if (streams.length === 0) return null;
  const more = streams.length - drawn.length;
  return html`<section>
    <h2>Byte by byte</h2>
    ${drawn.map((stream) => streamFigure(evidence, stream, streamId(id, stream)))}
    ${more > 0 && html`<p class="aside">${counted(more, 'more stream')} in wire.jsonl.</p>`}
    ${
      streams.some(({ writes, reads }) => writes === null || reads === null) &&
      html`<p class="aside">
        The calls of a subject to its socket are shown where it traces them (parameter <code>trace</code>); here not
        every side did.
      </p>`
    }
  </section>`;
}

/** The id of a stream's figure; null: it is not drawn. */
export function drawnStream(
  drawn: readonly ByteStream[],
  { conn, direction }: Pick<ByteStream, 'conn' | 'direction'>,
  id: string,
): string | null {
  const stream = drawn.find((each) => each.conn === conn && each.direction === direction);
  return stream === undefined ? null : streamId(id, stream);
}

function streamId(id: string, { conn, direction }: ByteStream): string {
  return `${id}:${direction}-${conn}`;
}

function streamFigure(evidence: Evidence, stream: ByteStream, id: string): Markup {
  const way = stream.direction === 'upstream' ? 'client → server' : 'server → client';
  return html`<figure class="timeline byte-view" id="${id}">
    <figcaption><b>Connection ${stream.conn}, ${way}</b> ${messageWords(stream)}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label="Connection ${stream.conn}, ${way}">
      ${rowNames(stream)}
      ${byteSvg(stream, `${id}:title`, `Bytes of connection ${stream.conn}, ${way}: ${messageWords(stream)}`)}
    </div>
    <p class="aside">
      ${pieceWords('Into the proxy', stream.entered)} ${pieceWords('Out of it', stream.left)}
      ${stream.reads !== null && pieceWords('Reads', stream.reads)}
    </p>
    ${hexPane(evidence, stream)}
  </figure>`;
}

const STATES: readonly MessageState[] = ['complete', 'doubled', 'partial', 'missing', 'foreign'];

/** `8 messages sent: 4 complete, 4 missing`, and what was received, where that tells something else. */
function messageWords({ sent, received }: ByteStream): string {
  const isOdd = received.some(({ state }) => state !== 'complete');
  const told = `${counted(sent.length, 'message')} sent${stateWords(sent)}`;
  return isOdd ? `${told}; ${count(received.length)} received${stateWords(received)}` : told;
}

function stateWords(messages: readonly { readonly state: MessageState }[]): string {
  const parts = STATES.map((state) => ({ state, number: messages.filter((each) => each.state === state).length }))
    .filter(({ number }) => number > 0)
    .map(({ state, number }) => `${count(number)} ${state}`);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function pieceWords(name: string, pieces: readonly Stretch[]): string {
  if (pieces.length === 0) return `${name}: nothing.`;
  const sizes = pieces.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const least = sizes[0] ?? 0;
  const most = sizes.at(-1) ?? 0;
  const middle = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const range =
    least === most ? counted(least, 'byte') : `${count(least)} to ${counted(most, 'byte')}, median ${count(middle)}`;
  return `${name}: ${counted(pieces.length, 'piece')} of ${range}.`;
}
