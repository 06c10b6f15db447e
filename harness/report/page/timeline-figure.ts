/**
 * The time line in the page: its picture, what its signs mean, and its events as a table.
 */
import { gzipSync } from 'node:zlib';

import { encodeTimeline } from '../timeline/columns.ts';
import { faultHeadPath } from '../timeline/glyph.ts';
import { keptMarks } from '../timeline/kept-marks.ts';
import type { Kept, LeftOut } from '../timeline/kept-marks.ts';
import { describeMark, kindNumber, LANES } from '../timeline/mark.ts';
import type { Mark } from '../timeline/mark.ts';
import { timelineSvg } from '../timeline/timeline-svg.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { LINE } from '../text/bare-paint.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted, millis } from '../text/quantity.ts';

/** More than these are left to `events.jsonl` and `wire.jsonl`: the page stays small enough to send. */
const MOST_STORED = 150_000;

/** The static table shows this share of its rows around each fault and at both ends. */
const NEAR = 0.15;

/** Kinds that are shown wherever they happened, as long as there is room. */
const URGENT: ReadonlySet<number> = new Set([
  kindNumber('failed'),
  kindNumber('overdue'),
  kindNumber('garbage'),
  kindNumber('exited'),
]);

export interface FigureNames {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string;
  /** Of the static table, at the most. */
  readonly rows: number;
}

export function timelineFigure(timeline: Timeline, { id, title, rows }: FigureNames): Markup {
  const kept = keptMarks(timeline.marks, MOST_STORED);
  return html`<figure class="timeline" id="${id}" data-timeline="${id}">
    <div class="scroll" tabindex="0" role="group" aria-label="Time line">
      ${timelineSvg(timeline, `${id}-title`, title)}
    </div>
    <figcaption>${signs(timeline)}</figcaption>
    ${kept.leftOut !== null && leftOutNote(kept.leftOut)} ${eventTable(timeline, kept, rows)} ${stored(timeline, kept)}
  </figure>`;
}

function leftOutNote({ count: missing, urgent, fromMs, toMs }: LeftOut): Markup {
  const stretch = `between ${millis(fromMs)} and ${millis(toMs)}`;
  const though = urgent === 0 ? 'failures and faults are kept' : `${count(urgent)} of them tell of failures and faults`;
  return html`<p class="aside left-out">
    ${counted(missing, 'event')} ${stretch} ${missing === 1 ? 'is' : 'are'} left out of this page; ${though}. All are in
    events.jsonl and wire.jsonl.
  </p>`;
}

/** Classes of signs that have no area, or whose area is not theirs. */
const OUTLINED = /stroked|silence|asked|acknowledged/;

function sign(name: string, path: string, text: string): Markup {
  return html`<li>
    <svg width="16" height="14" viewBox="0 0 16 14" fill="currentColor" aria-hidden="true">
      <path class="${name}" ${OUTLINED.test(name) && LINE} d="${path}" /></svg
    >${text}
  </li>`;
}

function signs(timeline: Timeline): Markup {
  const faults = timeline.bands.length > 0;
  return html`<ul class="signs">
    ${sign('mark up filled', 'M4.5 7a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z', 'to the server')}
    ${sign('mark down filled', 'M4.5 7a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z', 'to the client')}
    ${sign('mark end filled', 'M6 2.5a4.5 4.5 0 0 1 0 9z', 'end of a stream')}
    ${sign('mark bad stroked', 'M3.5 2.5l9 9m0-9l-9 9', 'failure')}
    ${timeline.moments.length > 0 && sign('moment-head', 'M4 3h8l-4 7z', 'a claim broke')}
    ${faults && sign('fault-head asked', faultHeadPath('asked', 8, 7), 'fault asked')}
    ${faults && sign('fault-head acknowledged', faultHeadPath('acknowledged', 8, 7), 'acknowledged')}
    ${faults && sign('fault-head effect', faultHeadPath('effect', 8, 7), 'first effect')}
    ${faults && sign('band', 'M0 0h16v14h-16z', 'in force')}
    ${timeline.axes.story.silences.length > 0 && sign('silence', 'M1 7h14', 'silence, drawn shorter than it was')}
  </ul>`;
}

function eventTable(timeline: Timeline, kept: Kept, most: number): Markup {
  const { marks } = timeline;
  const rows = chosen(timeline, most);
  const all = rows.length === marks.length;
  return html`<details class="events">
    <summary>
      ${kept.leftOut !== null && `${count(kept.marks.length)} of `}${counted(marks.length, 'event')} as a table
    </summary>
    ${!all && html`<p class="aside">Here are ${count(rows.length)} of them: the first, the last, and those around faults and failures. All are in events.jsonl and wire.jsonl.</p>`}
    <div class="scroll" tabindex="0" role="group" aria-label="Events">
      <table class="event-rows">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Where</th>
            <th scope="col">Connection</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ mark, gap }) =>
              html`${
                  gap &&
                  html`<tr class="gap">
                    <td colspan="4">…</td>
                  </tr>`
                }
                <tr>
                  <td>${millis(mark.atMs)}</td>
                  <td>${LANES[mark.lane] ?? ''}</td>
                  <td>${mark.conn < 0 ? '–' : mark.conn}</td>
                  <td>${describeMark(mark)}</td>
                </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function chosen({ marks, bands }: Timeline, most: number): { mark: Mark; gap: boolean }[] {
  const keep = new Set<number>();
  const near = Math.round(most * NEAR);
  const around = (middle: number): void => {
    for (let index = Math.max(0, middle - near); index < Math.min(marks.length, middle + near); index += 1)
      keep.add(index);
  };
  around(0);
  around(marks.length - 1);
  for (const { effectMs } of bands) {
    if (keep.size + 2 * near > most) break;
    if (effectMs !== null) around(marks.findIndex((mark) => mark.atMs >= effectMs));
  }
  marks.forEach((mark, index) => {
    if (keep.size < most && (marks.length <= most || URGENT.has(mark.kind))) keep.add(index);
  });
  const indices = [...keep].sort((a, b) => a - b);
  return indices.flatMap((index, place) => {
    const mark = marks[index];
    return mark === undefined ? [] : [{ mark, gap: place > 0 && indices[place - 1] !== index - 1 }];
  });
}

/** The marks for the script, in a block that no browser executes. */
function stored({ bands, moments, axes }: Timeline, { marks }: Kept): Markup {
  const bytes = gzipSync(encodeTimeline({ marks, bands, moments, axes }));
  return html`<script type="application/x-halfopen-timeline">
    ${bytes.toString('base64')}
  </script>`;
}
