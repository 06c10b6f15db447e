/**
 * Keys, wheel and pointer on a time line. The plain wheel is left to the page.
 */
import type { TimelineView } from './timeline-view.ts';

/** A pointer that moved less than this has clicked. */
const CLICK_PIXELS = 3;

const KEYS: Readonly<Record<string, ((view: TimelineView) => void) | undefined>> = {
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
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act(view);
  });
  canvas.addEventListener('wheel', (event) => wheel(event, canvas, view), { passive: false });
  canvas.addEventListener('pointerdown', (event) => drag(event, canvas, view));
}

function wheel(event: WheelEvent, canvas: HTMLCanvasElement, view: TimelineView): void {
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!event.ctrlKey && !sideways) return;
  event.preventDefault();
  if (event.ctrlKey) view.zoomAt(Math.exp(event.deltaY * 0.004), event.offsetX);
  else view.pan(event.deltaX / canvas.clientWidth);
}

function drag(down: PointerEvent, canvas: HTMLCanvasElement, view: TimelineView): void {
  const move = view.hold();
  const gesture = new AbortController();
  const { signal } = gesture;
  let far = false;
  canvas.setPointerCapture(down.pointerId);
  canvas.addEventListener(
    'pointermove',
    ({ clientX }) => {
      far ||= Math.abs(clientX - down.clientX) > CLICK_PIXELS;
      if (far) move(clientX - down.clientX);
    },
    { signal },
  );
  canvas.addEventListener(
    'pointerup',
    ({ offsetX, offsetY }) => {
      gesture.abort();
      if (!far) view.pick(offsetX, offsetY);
    },
    { signal },
  );
  canvas.addEventListener('pointercancel', () => gesture.abort(), { signal });
}
