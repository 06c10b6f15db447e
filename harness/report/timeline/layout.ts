/**
 * Where things stand on the time line, in pixels from its top: one layout for the picture and the canvas.
 *
 * No Node and no DOM: it runs in the page as well.
 */
import { LANE } from './mark.ts';

/** Room for the lanes' names at the left. */
export const GUTTER = 128;

/** Name of the row of the instants at which a claim broke. */
export const MOMENT_ROW = 'claim broken';

/** Words about a mark stand so far above its lane. */
export const LABEL_ABOVE = 10;

/** One row for each fault, above the axis. */
const FAULT_ROW = 20;
const MOST_FAULT_ROWS = 5;
/** More effects than these hide what they are drawn over. */
export const CROWD = 24;
const AXIS_ROW = 24;

/** Middle of each lane below the axis, by its number. */
const LANE_MIDDLES = [30, 88, 122, 180, 222] as const;
const LANES_HEIGHT = 244;

export interface Layout {
  /** Middle of the row of the instants at which a claim broke. */
  readonly momentMiddle: number;
  /** Bottom of the rows above the axis. */
  readonly axisTop: number;
  readonly lanesTop: number;
  readonly height: number;
}

/** @param moments how many instants there are at which a claim broke: they share a row below the faults */
export function layoutFor(faults: number, moments: number): Layout {
  const momentTop = 6 + Math.min(faults, MOST_FAULT_ROWS) * FAULT_ROW;
  const axisTop = momentTop + (moments > 0 ? FAULT_ROW : 0);
  const lanesTop = axisTop + AXIS_ROW;
  return { momentMiddle: momentTop + FAULT_ROW / 2, axisTop, lanesTop, height: lanesTop + LANES_HEIGHT };
}

/** What stands beside each row: the fault's name, or in the last row how many share it. */
export function faultRowNames(bands: readonly { readonly label: string; readonly delivered: boolean }[]): string[] {
  const names = bands.map(({ label, delivered }) => (delivered ? label : `${label}, not delivered`));
  if (names.length <= MOST_FAULT_ROWS) return names;
  const shared = names.length - MOST_FAULT_ROWS + 1;
  return [...names.slice(0, MOST_FAULT_ROWS - 1), `${shared} more faults`];
}

/** Middle of a fault's row; faults beyond the last row share it. */
export function faultMiddle(index: number): number {
  return 6 + FAULT_ROW * (Math.min(index, MOST_FAULT_ROWS - 1) + 0.5);
}

export function laneMiddle(layout: Layout, lane: number): number {
  return layout.lanesTop + (LANE_MIDDLES[lane] ?? LANES_HEIGHT);
}

/** The box that shows both sides of the proxy as one thing. */
export function proxyBox(layout: Layout): { top: number; height: number } {
  const top = laneMiddle(layout, LANE.proxyClient) - 19;
  return { top, height: laneMiddle(layout, LANE.proxyServer) + 19 - top };
}
