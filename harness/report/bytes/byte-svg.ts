/**
 * A stream as a ruler in bytes, and below it how it was cut: writes, pieces on the wire, reads, messages.
 *
 * Bounded: pieces too small to be told apart are drawn as one.
 */
import { LINE } from '../text/bare-paint.ts';
import { html, Markup } from '../text/markup.ts';
import { count } from '../text/quantity.ts';
import { round } from '../timeline/glyph.ts';
import { GUTTER } from '../timeline/layout.ts';
import { divergenceOf } from './stream.ts';
import type { ByteStream, MessageState, MessageStretch, Stretch } from './stream.ts';

const WIDTH = 1160;
const ROW = 30;
const BAR = 14;
const TOP = 42;
const MOST_TICKS = 12;
/** A number so near to the edge would be cut. */
const RIGHT_EDGE = 24;
const NARROW_LABEL_PIXELS = 22;

/**
 * The names of the rows for a screen on which the picture is wider than its frame: they stand above their bars there, and
 * stay in sight.
 */
export function rowNames(stream: ByteStream): Markup {
  return html`<div class="row-names" aria-hidden="true">
    ${rowsOf(stream).map(({ name }) => html`<span>${name}</span>`)}
  </div>`;
}

/** A row of the picture. */
type Row = { readonly name: string } & (
  | { readonly messages: readonly MessageStretch[] }
  | { readonly pieces: readonly Stretch[] }
);

function rowsOf({ sent, writes, entered, left, reads, received }: ByteStream): Row[] {
  return [
    { name: 'sent', messages: sent },
    ...(writes === null ? [] : [{ name: 'writes', pieces: writes }]),
    { name: 'into the proxy', pieces: entered },
    { name: 'out of the proxy', pieces: left },
    ...(reads === null ? [] : [{ name: 'reads', pieces: reads }]),
    { name: 'received', messages: received },
  ];
}

/** @param id of the picture's title, unique in the document */
export function byteSvg(stream: ByteStream, id: string, title: string): Markup {
  const x = (offset: number): number => GUTTER + (offset / stream.totalBytes) * (WIDTH - GUTTER - 6);
  const rows = rowsOf(stream);
  const height = TOP + rows.length * ROW + 6;
  return html`<svg
    class="lanes bytes"
    viewBox="0 0 ${WIDTH} ${height}"
    width="${WIDTH}"
    height="${height}"
    fill="currentColor"
    font-size="11.5"
    role="img"
    aria-labelledby="${id}"
  >
    <title id="${id}">${title}</title>
    ${ruler(stream, x, height)}
    ${rows.map(
      (row, index) =>
        html`<text class="lane-name" x="${GUTTER - 12}" y="${TOP + index * ROW + 12}" text-anchor="end"
            >${row.name}</text
          >
          <g transform="translate(0 ${TOP + index * ROW})" ${LINE}>
            ${'messages' in row ? messageBars(row.messages, x) : pieceBars(row.pieces, x)}
          </g>`,
    )}
    ${faultLines(stream, x, height)}
  </svg>`;
}

function ruler(stream: ByteStream, x: (offset: number) => number, height: number): Markup {
  const step = niceStep(stream.totalBytes / MOST_TICKS);
  const ticks: Markup[] = [];
  for (let offset = 0; offset <= stream.totalBytes; offset += step) {
    ticks.push(
      html`<path class="grid" ${LINE} d="M${round(x(offset))} 30V${height - 6}" /><text
          class="tick"
          x="${round(x(offset))}"
          y="24"
          text-anchor="${x(offset) > WIDTH - RIGHT_EDGE ? 'end' : 'middle'}"
          >${count(offset)}</text
        >`,
    );
  }
  return html`<g aria-hidden="true">${ticks}</g>`;
}

function niceStep(least: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return ([1, 2, 5].find((step) => step * power >= least) ?? 10) * power;
}

function pieceBars(stretches: readonly Stretch[], x: (offset: number) => number): Markup {
  return html`<path class="piece" stroke-width="${BAR}" d="${piecePath(stretches, x)}" />`;
}

/** Strokes with a hair of room between, merged where that room would be all there is. */
function piecePath(stretches: readonly Stretch[], x: (offset: number) => number): string {
  let path = '';
  let start = 0;
  let end = -1;
  const flush = (): void => {
    if (end > start) path += `M${round(start)} ${BAR / 2}h${round(end - start)}`;
  };
  for (const { from, to } of stretches) {
    const left = x(from);
    const right = Math.max(left + 0.8, x(to) - 1);
    if (left - end < 0.6 && right - left < 2) {
      end = Math.max(end, right);
      continue;
    }
    flush();
    start = left;
    end = right;
  }
  flush();
  return path;
}

/** What tells one state from another where there is no style sheet. */
const BARE_OUTLINES: Readonly<Record<MessageState, Markup | null>> = {
  complete: null,
  partial: new Markup('stroke-dasharray="3 2"'),
  missing: new Markup('stroke-dasharray="2 2"'),
  doubled: new Markup('stroke-width="2"'),
  foreign: new Markup('stroke-width="2"'),
};

function messageBars(messages: readonly MessageStretch[], x: (offset: number) => number): Markup {
  let last = -1;
  const shown = messages.filter(({ from, state }) => {
    const place = Math.round(x(from));
    if (place === last && state === 'complete') return false;
    last = place;
    return true;
  });
  return html`${shown.slice(0, 1500).map(({ from, to, seq, state }) => {
    const width = Math.max(0.8, x(to) - x(from) - 1);
    const label =
      width > NARROW_LABEL_PIXELS &&
      html`<text fill="currentColor" stroke="none" x="${round(x(from) + width / 2)}" y="11" text-anchor="middle"
        >${seq}</text
      >`;
    return html`<rect
        class="message ${state}"
        ${BARE_OUTLINES[state]}
        x="${round(x(from))}"
        y="0"
        width="${round(width)}"
        height="${BAR}"
        rx="2"
      />${label}`;
  })}`;
}

function faultLines(stream: ByteStream, x: (offset: number) => number, height: number): Markup {
  const divergence = divergenceOf(stream);
  return html`${stream.faults.map(
    ({ fault, effect, at }) =>
      html`<path class="fault-line effect" ${LINE} d="M${round(x(at))} 14V${height - 6}" /><text
          class="fault-name"
          x="${round(x(at))}"
          y="10"
          text-anchor="${at > stream.totalBytes / 2 ? 'end' : 'start'}"
          >${fault} ${effect} at byte ${count(at)}</text
        >`,
  )}${divergence !== null && html`<path class="divergence" ${LINE} d="M${round(x(divergence))} 30V${height - 6}" />`}`;
}
