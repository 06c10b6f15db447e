/**
 * The time line as a picture: what is seen without JavaScript, in print, and until the canvas takes over.
 *
 * Bounded: marks that would lie on one another are drawn once, and never more than {@link MOST_MARKS} are.
 */
import { LINE, SHADE } from '../text/bare-paint.ts';
import { html, joined } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import type { Band } from './bands.ts';
import { flightsOf } from './flights.ts';
import type { Flight } from './flights.ts';
import { faultHeadPath, glyphPath, round, STROKED } from './glyph.ts';
import type { FaultInstant } from './glyph.ts';
import { labelsOf, momentLabels } from './labels.ts';
import type { Label } from './labels.ts';
import {
  CROWD,
  faultMiddle,
  faultRowNames,
  GUTTER,
  LABEL_ABOVE,
  laneMiddle,
  layoutFor,
  MOMENT_ROW,
  proxyBox,
} from './layout.ts';
import type { Layout } from './layout.ts';
import { KINDS, kindOf, LANES, toneOf, WAY } from './mark.ts';
import type { Mark } from './mark.ts';
import { placeOf } from './story-scale.ts';
import { breaksOf, ticksOf } from './ticks.ts';
import type { Timeline } from './timeline.ts';

const WIDTH = 1160;
const MOST_MARKS = 400;
const MOST_FLIGHTS = 250;
const MOST_BANDS = 100;

/** What the parts of the picture share. */
interface Frame {
  readonly timeline: Timeline;
  readonly layout: Layout;
  readonly x: (atMs: number) => number;
}

/**
 * @param id of the picture's title, unique in the document
 * @param title one sentence for who cannot see it
 */
export function timelineSvg(timeline: Timeline, id: string, title: string): Markup {
  const layout = layoutFor(timeline.bands.length, timeline.moments.length);
  const plotWidth = WIDTH - GUTTER;
  const frame: Frame = { timeline, layout, x: (atMs) => GUTTER + placeOf(timeline.axes.story, atMs) * plotWidth };
  return html`<svg
    class="lanes"
    viewBox="0 0 ${WIDTH} ${layout.height}"
    width="${WIDTH}"
    height="${layout.height}"
    fill="currentColor"
    font-size="11.5"
    role="img"
    aria-labelledby="${id}"
  >
    <title id="${id}">${title}</title>
    ${bandFills(frame)}${backdrop(frame)}${axis(frame)}${flightLines(frame)}${markPaths(frame)}${bandMarks(frame)}${momentMarks(frame)}${words(frame)}
  </svg>`;
}

function backdrop({ layout }: Frame): Markup {
  const box = proxyBox(layout);
  return html`<rect
      class="proxy-box"
      ${LINE}
      x="${GUTTER - 120}"
      y="${box.top}"
      width="${WIDTH - GUTTER + 116}"
      height="${box.height}"
      rx="8"
    />${LANES.map(
      (name, lane) =>
        html`<text class="lane-name" x="${GUTTER - 12}" y="${laneMiddle(layout, lane) + 4}" text-anchor="end"
            >${name}</text
          ><path class="lane-line" ${LINE} d="M${GUTTER} ${laneMiddle(layout, lane)}H${WIDTH - 4}" />`,
    )}`;
}

function axis({ timeline, layout, x }: Frame): Markup {
  const view = { from: 0, to: 1, pixels: WIDTH - GUTTER };
  const at = (place: number): number => GUTTER + place * view.pixels;
  const bottom = layout.height - 4;
  const ticks = ticksOf(timeline.axes.story, view).map(
    ({ place, label }) =>
      html`<path class="grid" ${LINE} d="M${round(at(place))} ${layout.lanesTop - 4}V${bottom}" /><text
          class="tick"
          x="${round(at(place))}"
          y="${layout.axisTop + 14}"
          text-anchor="middle"
          >${label}</text
        >`,
  );
  const breaks = breaksOf(timeline.axes.story, view).map(({ fromPlace, toPlace, label }) => {
    const from = at(fromPlace) + 6;
    const to = at(toPlace) - 6;
    return html`<path class="silence" ${LINE} d="M${round(from)} ${layout.axisTop + 19}H${round(to)}" /><text
        class="silence-name"
        x="${round((from + to) / 2)}"
        y="${layout.axisTop + 13}"
        text-anchor="middle"
        >${label}</text
      >`;
  });
  return html`<g aria-hidden="true" data-from="${round(x(0))}">${ticks}${breaks}</g>`;
}

function bandFills({ timeline, layout, x }: Frame): Markup {
  return joined(
    drawnBands(timeline.bands, x).map(({ band }) => {
      if (band.effectMs === null) return null;
      const from = x(band.effectMs);
      const to = Math.max(from + 2, band.liftedMs === null ? WIDTH - 4 : x(band.liftedMs));
      return html`<rect
        class="band"
        ${SHADE}
        x="${round(from)}"
        y="${layout.axisTop}"
        width="${round(to - from)}"
        height="${layout.height - layout.axisTop - 4}"
      />`;
    }),
  );
}

function bandMarks({ timeline, layout, x }: Frame): Markup {
  const names = faultRowNames(timeline.bands).map(
    (name, row) =>
      html`<text class="fault-name" x="${GUTTER - 12}" y="${faultMiddle(row) + 4}" text-anchor="end">${name}</text>`,
  );
  const shown = drawnBands(timeline.bands, x);
  const crowd = shown.length > CROWD ? 'crowd' : 'few';
  return html`<g class="${crowd}">${shown.map(({ band, row }) => bandMark(band, row, { layout, x }))}</g> ${names}`;
}

function bandMark(band: Band, row: number, { layout, x }: Pick<Frame, 'layout' | 'x'>): Markup {
  const y = faultMiddle(row);
  const instants = [band.askedMs, band.acknowledgedMs, band.effectMs, band.liftedMs].filter((atMs) => atMs !== null);
  const xs = instants.map(x);
  const last = band.liftedMs === null && band.effectMs !== null ? WIDTH - 4 : Math.max(...xs);
  const span = xs.length === 0 ? '' : `M${round(Math.min(...xs))} ${y}H${round(last)}`;
  return html`<path
      class="fault-span${band.delivered ? '' : ' undelivered'}"
      ${LINE}
      d="${span}"
    />${line(band.askedMs, 'asked', `v${layout.axisTop - y}`)}${line(band.acknowledgedMs, 'acknowledged', `v${layout.axisTop - y}`)}${line(band.effectMs, 'effect', pastAxis(layout))}`;

  function line(atMs: number | null, name: FaultInstant, drop: string): Markup | null {
    if (atMs === null) return null;
    const at = round(x(atMs));
    return html`<path class="fault-line ${name}" ${LINE} d="M${at} ${y}${drop}" /><path
        class="fault-head ${name}"
        ${name !== 'effect' && LINE}
        d="${faultHeadPath(name, x(atMs), y)}"
      />`;
  }
}

function momentMarks({ timeline: { moments }, layout, x }: Frame): Markup | null {
  if (moments.length === 0) return null;
  const y = layout.momentMiddle;
  const placed = moments.map(({ atMs, label }) => ({ label, x: x(atMs) }));
  return html`<text class="moment-name" x="${GUTTER - 12}" y="${y + 4}" text-anchor="end">${MOMENT_ROW}</text>
    ${placed.map(
      ({ x: at }) =>
        html`<path class="moment" ${LINE} d="M${round(at)} ${y}${pastAxis(layout)}" /><path
            class="moment-head"
            d="M${round(at)} ${y}m-4-4h8l-4 7z"
          />`,
    )}
    ${momentLabels(placed, WIDTH).map((label) => word(label, y + 4))}`;
}

function words({ timeline: { marks }, layout, x }: Frame): Markup {
  const placed = marks.map((mark) => ({ mark, x: x(mark.atMs) }));
  return joined(labelsOf(placed, WIDTH).map((label) => word(label, laneMiddle(layout, label.row) - LABEL_ABOVE)));
}

function word({ x, text, end }: Label, y: number): Markup {
  return html`<text class="moment-name" x="${round(x)}" y="${y}" text-anchor="${end ? 'end' : 'start'}">${text}</text>`;
}

/** Down across the lanes, but not through what is written along the axis. */
function pastAxis({ axisTop, lanesTop, height }: Layout): string {
  return `V${axisTop}m0 ${lanesTop - 4 - axisTop}V${height - 4}`;
}

function flightLines({ timeline, layout, x }: Frame): Markup {
  const flights = flightsOf(timeline.marks);
  const every = Math.max(1, Math.ceil(flights.length / MOST_FLIGHTS));
  const path = (way: number): string =>
    flights
      .filter((flight, index) => flight.way === way && index % every === 0)
      .map((flight) => flightPath(flight, layout, x))
      .join('');
  return html`<path class="flight up" ${LINE} d="${path(WAY.upstream)}" /><path
      class="flight down"
      ${LINE}
      d="${path(WAY.downstream)}"
    />`;
}

function flightPath(flight: Flight, layout: Layout, x: Frame['x']): string {
  const from = laneMiddle(layout, flight.fromLane);
  const to = laneMiddle(layout, flight.toLane);
  return `M${round(x(flight.fromMs))} ${from}L${round(x(flight.toMs))} ${to}`;
}

function markPaths({ timeline, layout, x }: Frame): Markup {
  const paths = new Map<string, string>();
  for (const mark of drawn(timeline.marks, x)) {
    const { shape } = kindOf(mark);
    const style = `mark ${toneOf(mark)} ${STROKED.has(shape) ? 'stroked' : 'filled'}`;
    paths.set(style, (paths.get(style) ?? '') + glyphPath(shape, x(mark.atMs), laneMiddle(layout, mark.lane)));
  }
  // Failures and faults lie on top of the traffic.
  const order = ['faint', 'up', 'down', 'plain', 'end', 'fault', 'bad'];
  const rank = (style: string): number => order.indexOf(style.split(' ')[1] ?? '');
  return joined(
    [...paths]
      .sort(([a], [b]) => rank(a) - rank(b))
      .map(([style, path]) => html`<path class="${style}" ${style.endsWith('stroked') && LINE} d="${path}" />`),
  );
}

/** The bands that can be told apart, each with its row: of those that lie in the same cells of a grid, one. */
function drawnBands(bands: readonly Band[], x: Frame['x']): { readonly band: Band; readonly row: number }[] {
  const all = bands.map((band, row) => ({ band, row }));
  const cells = ({ band, row }: { band: Band; row: number }, pixels: number): string =>
    [band.askedMs, band.acknowledgedMs, band.effectMs, band.liftedMs]
      .map((atMs) => (atMs === null ? '' : Math.round(x(atMs) / pixels)))
      .concat(faultMiddle(row))
      .join();
  let kept = all;
  for (let pixels = 1; kept.length > MOST_BANDS && pixels <= WIDTH; pixels *= 2) {
    kept = [...Map.groupBy(all, (each) => cells(each, pixels)).values()].flatMap(([first]) => first ?? []);
  }
  return kept;
}

/** The marks that can be told apart: one of each kind in each cell of a grid that grows until few enough are left. */
function drawn(marks: readonly Mark[], x: Frame['x']): Mark[] {
  const xs = marks.map((mark) => x(mark.atMs));
  for (let pixels = 1; ; pixels *= 2) {
    const seen = new Set<number>();
    const kept = marks.filter(({ lane, kind, way }, index) => {
      const cell = ((Math.round((xs[index] ?? 0) / pixels) * KINDS.length + kind) * LANES.length + lane) * 3 + way;
      return seen.size < seen.add(cell).size;
    });
    if (kept.length <= MOST_MARKS || pixels > WIDTH) return kept.slice(0, MOST_MARKS);
  }
}
