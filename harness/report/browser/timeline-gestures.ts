/**
 * Keys, wheel and pointers on a time line. The plain wheel is left to the page, and so is one finger that goes up or down.
 */
import type { TimelineView } from './timeline-view.ts';

/** A pointer that moved less than this has clicked. */
const CLICK_PIXELS = 3;
/** Fingers that are closer count as so far apart: from nothing there is no telling how much wider they went. */
const LEAST_APART_PIXELS = 10;

/** What each key does to a time line that has the focus. */
export const TIMELINE_KEYS: Readonly<Record<string, ((view: TimelineView) => void) | undefined>> = {
  ArrowRight: (view) => view.stepFocus(1),
  ArrowLeft: (view) => view.stepFocus(-1),
  ArrowDown: (view) => view.changeLane(1),
  ArrowUp: (view) => view.changeLane(-1),
  Home: (view) => view.focus(0),
  End: (view) => view.focusLast(),
  '+': (view) => view.zoom(0.6),
  '=': (view) => view.zoom(0.6),
  ']': (view) => view.zoom(0.6),
  '-': (view) => view.zoom(1 / 0.6),
  '[': (view) => view.zoom(1 / 0.6),
  '0': (view) => view.showAll(),
  PageDown: (view) => view.pan(0.8),
  PageUp: (view) => view.pan(-0.8),
};

export function bindGestures(canvas: HTMLCanvasElement, view: TimelineView): void {
  canvas.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : TIMELINE_KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act(view);
  });
  canvas.addEventListener('wheel', (event) => wheel(event, canvas, view), { passive: false });
  bindPointers(canvas, view);
}

function wheel(event: WheelEvent, canvas: HTMLCanvasElement, view: TimelineView): void {
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!event.ctrlKey && !sideways) return;
  event.preventDefault();
  if (event.ctrlKey) view.zoomAt(Math.exp(event.deltaY * 0.004), event.offsetX);
  else view.pan(event.deltaX / canvas.clientWidth);
}

/** One pointer drags or clicks, two pinch. */
function bindPointers(canvas: HTMLCanvasElement, view: TimelineView): void {
  /** Where each pointer that is down is, by its id. */
  const down = new Map<number, number>();
  let grip: Grip = { x: 0, apart: 0, move: () => undefined };
  let isClick = false;
  const takeHold = (): void => {
    const { x, apart } = spanOf([...down.values()]);
    grip = { x, apart, move: view.hold(x) };
  };
  const letGo = ({ pointerId }: PointerEvent): void => {
    if (down.delete(pointerId) && down.size > 0) takeHold();
  };
  canvas.addEventListener('pointerdown', ({ pointerId, offsetX, button }) => {
    if (down.size === 2 || button !== 0) return;
    canvas.setPointerCapture(pointerId);
    down.set(pointerId, offsetX);
    isClick = down.size === 1;
    takeHold();
  });
  canvas.addEventListener('pointermove', ({ pointerId, offsetX }) => {
    if (!down.has(pointerId)) return;
    down.set(pointerId, offsetX);
    const { x, apart } = spanOf([...down.values()]);
    isClick &&= Math.abs(x - grip.x) <= CLICK_PIXELS;
    if (!isClick) grip.move(x, grip.apart / apart);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (isClick && down.has(event.pointerId)) view.pick(event.offsetX, event.offsetY);
    letGo(event);
  });
  canvas.addEventListener('pointercancel', letGo);
  // A menu of the browser takes the pointer away and tells of nothing else.
  canvas.addEventListener('lostpointercapture', letGo);
}

/** One or two points of the canvas by their middle. */
interface Span {
  readonly x: number;
  readonly apart: number;
}

/** What is held, and where. */
interface Grip extends Span {
  readonly move: ReturnType<TimelineView['hold']>;
}

function spanOf(xs: readonly number[]): Span {
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  return { x: (left + right) / 2, apart: Math.max(LEAST_APART_PIXELS, right - left) };
}
