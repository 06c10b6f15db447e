/**
 * The streams of an attempt as byte views, each with how it was cut in numbers.
 */
import { byteSvg } from '../bytes/byte-svg.ts';
import { hexPane } from '../bytes/hex-pane.ts';
import { byteStreams } from '../bytes/stream.ts';
import type { ByteStream, MessageState, Stretch } from '../bytes/stream.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted } from '../text/quantity.ts';

const MOST_STREAMS = 4;

/** Null where no byte was told of. */
export function bytePart(evidence: Evidence, id: string): Markup | null {
  const streams = byteStreams(evidence);
  if (streams.length === 0) return null;
  const more = streams.length - MOST_STREAMS;
  return html`<section>
    <h2>Byte by byte</h2>
    ${streams.slice(0, MOST_STREAMS).map((stream, index) => streamFigure(evidence, stream, `${id}:bytes${index}`))}
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

function streamFigure(evidence: Evidence, stream: ByteStream, id: string): Markup {
  const way = stream.direction === 'upstream' ? 'client → server' : 'server → client';
  return html`<figure class="timeline byte-view">
    <figcaption><b>Connection ${stream.conn}, ${way}</b> ${messageWords(stream)}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label="Connection ${stream.conn}, ${way}">
      ${byteSvg(stream, id, `Bytes of connection ${stream.conn}, ${way}: ${messageWords(stream)}`)}
    </div>
    <p class="aside">
      ${pieceWords('Into the proxy', stream.entered)} ${pieceWords('Out of it', stream.left)}
      ${stream.reads !== null && pieceWords('Reads', stream.reads)}
    </p>
    ${hexPane(evidence, stream)}
  </figure>`;
}

const STATES: readonly MessageState[] = ['complete', 'doubled', 'partial', 'missing', 'foreign'];

/** `8 messages: 4 complete, 1 missing`. */
function messageWords({ sent, received }: ByteStream): string {
  const foreign = received.filter(({ state }) => state === 'foreign');
  const states = [...sent, ...foreign].map(({ state }) => state);
  const parts = STATES.map((state) => ({ state, number: states.filter((each) => each === state).length }))
    .filter(({ number }) => number > 0)
    .map(({ state, number }) => `${count(number)} ${state}`);
  return `${counted(sent.length, 'message')} sent${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
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
