/**
 * The time line's twin: every event in a table of which only the rows in sight exist.
 */
import { millis } from '../text/quantity.ts';
import { describeMark, LANES } from '../timeline/mark.ts';
import type { TimelineModel } from './timeline-model.ts';

export interface EventList {
  /** Marks a row and scrolls to it. */
  readonly select: (index: number) => void;
}

const ROW_PIXELS = 28;
const ROWS_BEYOND = 8;

/** Replaces the static table of a figure. */
export function eventList(figure: HTMLElement, model: TimelineModel, focus: (index: number) => void): EventList {
  const details = figure.querySelector<HTMLDetailsElement>('details.events');
  const frame = details?.querySelector<HTMLElement>('.scroll') ?? null;
  const body = frame?.querySelector('tbody') ?? null;
  if (details === null || frame === null || body === null) return { select: () => undefined };
  details.querySelector('.aside')?.remove();
  frame.classList.add('rolling');
  const table = frame.querySelector('table');
  table?.setAttribute('aria-rowcount', String(model.marks.length + 1));
  let selected = -1;

  const render = (): void => {
    const height = frame.clientHeight;
    const first = Math.max(0, Math.floor(frame.scrollTop / ROW_PIXELS) - ROWS_BEYOND);
    const last = Math.min(model.marks.length, first + Math.ceil(height / ROW_PIXELS) + 2 * ROWS_BEYOND);
    const rows = [spacer(first)];
    for (let index = first; index < last; index += 1) rows.push(row(index));
    rows.push(spacer(model.marks.length - last));
    body.replaceChildren(...rows);
  };
  const row = (index: number): HTMLTableRowElement => {
    const element = document.createElement('tr');
    element.setAttribute('aria-rowindex', String(index + 2));
    element.dataset['index'] = String(index);
    if (index === selected) element.setAttribute('aria-current', 'true');
    const mark = model.marks[index];
    if (mark === undefined) return element;
    const texts = [
      millis(mark.atMs),
      LANES[mark.lane] ?? '',
      mark.conn < 0 ? '–' : String(mark.conn),
      describeMark(mark),
    ];
    for (const text of texts) element.insertCell().textContent = text;
    return element;
  };
  frame.addEventListener('scroll', render, { passive: true });
  details.addEventListener('toggle', render);
  body.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('tr') : null;
    const index = target?.dataset['index'];
    if (index !== undefined) focus(Number(index));
  });
  render();
  return {
    select: (index) => {
      selected = index;
      if (!details.open) return;
      const top = index * ROW_PIXELS;
      if (top < frame.scrollTop || top > frame.scrollTop + frame.clientHeight - 2 * ROW_PIXELS) {
        frame.scrollTop = Math.max(0, top - frame.clientHeight / 2);
      }
      render();
    },
  };
}

/** Stands for the rows that are out of sight. */
function spacer(rows: number): HTMLTableRowElement {
  const element = document.createElement('tr');
  element.setAttribute('aria-hidden', 'true');
  const cell = element.insertCell();
  cell.colSpan = 4;
  cell.className = 'spacer';
  cell.style.height = `${rows * ROW_PIXELS}px`;
  return element;
}
