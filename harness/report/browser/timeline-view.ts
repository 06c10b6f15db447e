/**
 * A time line one can move in: zoom, pan, focus by keyboard and pointer, and a place in the URL.
 *
 * Replaces the picture in a figure; the picture stays for print.
 */
import { millis } from '../text/quantity.ts';
import { layoutFor, laneMiddle } from '../timeline/layout.ts';
import type { Layout } from '../timeline/layout.ts';
import { describeMark, LANES } from '../timeline/mark.ts';
import { instantAt, placeOf } from '../timeline/story-scale.ts';
import { EventList } from './event-list.ts';
import { drawScene } from './timeline-canvas.ts';
import { firstAt, unpackTimeline } from './timeline-model.ts';
import type { AxisName, TimelineModel } from './timeline-model.ts';
import { bindGestures } from './timeline-gestures.ts';
import { placeAt, xOf } from './timeline-scene.ts';
import type { Scene } from './timeline-scene.ts';
import { toolbar } from './timeline-tools.ts';
import { paletteAt } from './tones.ts';

/** What a view tells when it was moved, for the URL. */
export interface Moved {
  readonly stretch: readonly [number, number] | null;
  readonly event: number | null;
}

/** Nobody needs to see less than about a microsecond on the whole screen. */
const SMALLEST_VIEW = 1e-7;
const NEAR_PIXELS = 14;

export class TimelineView {
  readonly #model: TimelineModel;
  readonly #canvas: HTMLCanvasElement;
  readonly #readout: HTMLElement;
  readonly #list: EventList | null;
  readonly #announce: (text: string) => void;
  readonly #moved: (moved: Moved) => void;
  #axis: AxisName = 'story';
  #from = 0;
  #to = 1;
  #focus = -1;
  #frame = 0;

  private constructor(figure: HTMLElement, model: TimelineModel, hooks: ViewHooks) {
    this.#model = model;
    this.#announce = hooks.announce;
    this.#moved = hooks.moved;
    this.#canvas = document.createElement('canvas');
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute('role', 'application');
    this.#canvas.setAttribute(
      'aria-label',
      'Time line. Left and right arrows go from event to event, up and down change lanes, plus and minus zoom, 0 shows everything.',
    );
    // Its place is known before it is drawn: nothing below it moves then.
    this.#canvas.style.height = `${this.#layout().height}px`;
    this.#readout = document.createElement('p');
    this.#readout.className = 'readout';
    const picture = figure.querySelector('.scroll');
    picture?.classList.add('paper-only');
    picture?.before(toolbar(this), this.#canvas, this.#readout);
    this.#list = EventList.replace(figure, model, (index) => this.focus(index));
    bindGestures(this.#canvas, this);
    new ResizeObserver(() => this.redraw()).observe(this.#canvas);
    this.#show();
  }

  /** Unpacks the figure's block and takes the picture's place. Null where the figure has none. */
  static async mount(figure: HTMLElement, hooks: ViewHooks): Promise<TimelineView | null> {
    const block = figure.querySelector('script');
    if (block === null) return null;
    const view = new TimelineView(figure, await unpackTimeline(block.textContent ?? ''), hooks);
    view.redraw();
    return view;
  }

  get axis(): AxisName {
    return this.#axis;
  }

  /** From now on the arrows go from event to event. */
  takeKeys(): void {
    this.#canvas.focus({ preventScroll: true });
  }

  /** Draws with the next frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  setAxis(axis: AxisName): void {
    const { scale } = this.#projection();
    const [fromMs, toMs] = [instantAt(scale, this.#from), instantAt(scale, this.#to)];
    const whole = this.#from <= 0 && this.#to >= 1;
    this.#axis = axis;
    if (whole) this.#look(0, 1);
    else this.showStretch(fromMs, toMs);
  }

  /** Zooms around a place, by default the focus or the middle. */
  zoom(factor: number, around: number = this.#middle()): void {
    const width = Math.max(SMALLEST_VIEW, (this.#to - this.#from) * factor);
    const share = (around - this.#from) / (this.#to - this.#from);
    this.#look(around - share * width, around + (1 - share) * width);
  }

  /** Zooms around a point of the canvas. */
  zoomAt(factor: number, x: number): void {
    this.zoom(factor, placeAt(this.#scene(), x));
  }

  /**
   * Takes hold of what is seen at a point of the canvas: the function brings it to another point, and a stretch so many
   * times as wide as it was into view.
   */
  hold(x: number): (toX: number, factor: number) => void {
    const scene = this.#scene();
    const width = scene.to - scene.from;
    const held = placeAt(scene, x);
    return (toX, factor) => {
      const wide = Math.max(SMALLEST_VIEW, Math.min(1, width * factor));
      const share = (placeAt(scene, toX) - scene.from) / width;
      this.#look(held - share * wide, held + (1 - share) * wide);
    };
  }

  /** Gives the event before or after the focused one the focus. */
  stepFocus(by: number): void {
    this.focus(this.#focus + by);
  }

  /** Gives the last event the focus. */
  focusLast(): void {
    this.focus(this.#model.marks.length - 1);
  }

  /** Moves by a share of what is seen. */
  pan(share: number): void {
    const by = (this.#to - this.#from) * share;
    this.#look(this.#from + by, this.#to + by);
  }

  showAll(): void {
    this.#look(0, 1);
  }

  /** Shows a stretch, or the surroundings of an instant. */
  showStretch(fromMs: number, toMs: number): void {
    const { scale } = this.#projection();
    const from = placeOf(scale, fromMs);
    const to = placeOf(scale, toMs);
    if (to - from > SMALLEST_VIEW) return this.#look(from, to);
    this.#look(from - 0.04, from + 0.04);
    this.#setFocus(this.#nearest(from));
  }

  /** Gives an event the focus and brings it into view. */
  focus(index: number): void {
    const bounded = Math.max(0, Math.min(this.#model.marks.length - 1, index));
    const place = this.#projection().places[bounded] ?? 0;
    if (place < this.#from || place > this.#to) {
      const half = (this.#to - this.#from) / 2;
      this.#look(place - half, place + half);
    }
    this.#setFocus(bounded);
  }

  #projection(): Scene['projection'] {
    return this.#model.project(this.#axis);
  }

  #layout(): Layout {
    return layoutFor(this.#model.bands.length, this.#model.moments.length);
  }

  #middle(): number {
    const place = this.#projection().places[this.#focus];
    return place !== undefined && place >= this.#from && place <= this.#to ? place : (this.#from + this.#to) / 2;
  }

  #look(from: number, to: number): void {
    const width = Math.min(1, to - from);
    this.#from = Math.max(0, Math.min(1 - width, from));
    this.#to = this.#from + width;
    this.redraw();
    this.#tell();
  }

  #setFocus(index: number): void {
    this.#focus = index;
    this.#list?.select(index);
    this.redraw();
    this.#show();
    this.#tell();
  }

  #tell(): void {
    const { scale } = this.#projection();
    const whole = this.#from <= 0 && this.#to >= 1;
    this.#moved({
      stretch: whole ? null : [instantAt(scale, this.#from), instantAt(scale, this.#to)],
      event: this.#focus === -1 ? null : this.#focus,
    });
  }

  #show(): void {
    const mark = this.#model.marks[this.#focus];
    if (mark === undefined) {
      this.#readout.textContent = 'Drag to move, pinch or Ctrl + wheel to zoom, click an event or use the arrow keys.';
      return;
    }
    const where = mark.conn < 0 ? (LANES[mark.lane] ?? '') : `${LANES[mark.lane] ?? ''}, connection ${mark.conn}`;
    const text = `${millis(mark.atMs)} · ${where} · ${describeMark(mark)}`;
    this.#readout.textContent = text;
    this.#announce(text);
  }

  #scene(): Scene {
    return {
      model: this.#model,
      projection: this.#projection(),
      from: this.#from,
      to: this.#to,
      width: this.#canvas.clientWidth,
      focus: this.#focus,
      palette: paletteAt(this.#canvas.parentElement ?? document.body),
    };
  }

  #draw(): void {
    this.#frame = 0;
    const scene = this.#scene();
    const context = this.#canvas.getContext('2d');
    if (context === null || scene.width === 0) return;
    const { height } = this.#layout();
    const ratio = devicePixelRatio;
    const [width, tall] = [Math.round(scene.width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== width || this.#canvas.height !== tall) {
      this.#canvas.width = width;
      this.#canvas.height = tall;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const start = performance.now();
    drawScene(context, scene);
    performance.measure('timeline-draw', { start, end: performance.now() });
  }

  /** The next event, in time, of the next lane that has one. */
  changeLane(step: 1 | -1): void {
    const { marks } = this.#model;
    const lane = marks[this.#focus]?.lane ?? 0;
    for (let next = lane + step; next >= 0 && next < LANES.length; next += step) {
      const index = marks.findIndex((mark, at) => at >= Math.max(0, this.#focus) && mark.lane === next);
      const found = index === -1 ? marks.findLastIndex((mark) => mark.lane === next) : index;
      if (found !== -1) return this.focus(found);
    }
  }

  /** Focuses the event nearest to a point, if one is near. */
  pick(x: number, y: number): void {
    const scene = this.#scene();
    const layout = this.#layout();
    const { places } = scene.projection;
    const first = firstAt(places, placeAt(scene, x - NEAR_PIXELS));
    const last = firstAt(places, placeAt(scene, x + NEAR_PIXELS));
    let best = -1;
    let least = NEAR_PIXELS;
    for (let index = first; index < last; index += 1) {
      const mark = this.#model.marks[index];
      if (mark === undefined) continue;
      const away = Math.hypot(xOf(scene, places[index] ?? 0) - x, laneMiddle(layout, mark.lane) - y);
      if (away >= least) continue;
      least = away;
      best = index;
    }
    if (best !== -1) this.#setFocus(best);
  }

  #nearest(place: number): number {
    const { places } = this.#projection();
    const after = Math.min(places.length - 1, firstAt(places, place));
    const before = Math.max(0, after - 1);
    return place - (places[before] ?? 0) < (places[after] ?? 0) - place ? before : after;
  }
}

/** What a view is given by the page. */
export interface ViewHooks {
  readonly announce: (text: string) => void;
  readonly moved: (moved: Moved) => void;
}
