/**
 * The time line's twin: every event in a table of which only the rows in sight exist.
 *
 * Owns the rows and their keys: Tab comes to one of them, the arrows go on from there, and Enter chooses. What choosing
 * means is the time line's.
 */
import { millis } from '../text/quantity.ts';
import { describeMark, LANES } from '../timeline/mark.ts';
import type { TimelineModel } from './timeline-model.ts';

const ROW_PIXELS = 28;
const ROWS_BEYOND = 8;
const STEPS: Readonly<Record<string, number | undefined>> = { ArrowDown: 1, ArrowUp: -1 };

export class EventList {
  readonly #model: TimelineModel;
  readonly #frame: HTMLElement;
  readonly #body: HTMLElement;
  readonly #details: HTMLDetailsElement;
  #chosen = -1;
  /** The row to which Tab comes, as long as it is among those that exist. */
  #inOrder = 0;

  private constructor(model: TimelineModel, details: HTMLDetailsElement, frame: HTMLElement, body: HTMLElement) {
    this.#model = model;
    this.#details = details;
    this.#frame = frame;
    this.#body = body;
  }

  /** Takes the place of the static table of a figure. Null where the figure has none. */
  static replace(figure: HTMLElement, model: TimelineModel, choose: (index: number) => void): EventList | null {
    const details = figure.querySelector<HTMLDetailsElement>('details.events');
    const frame = details?.querySelector<HTMLElement>('.scroll') ?? null;
    const body = frame?.querySelector('tbody') ?? null;
    if (details === null || frame === null || body === null) return null;
    details.querySelector('.aside')?.remove();
    frame.classList.add('rolling');
    frame.querySelector('table')?.setAttribute('aria-rowcount', String(model.marks.length + 1));
    const list = new EventList(model, details, frame, body);
    frame.addEventListener('scroll', () => list.#render(), { passive: true });
    details.addEventListener('toggle', () => list.#reveal(list.#inOrder));
    body.addEventListener('click', ({ target }) => {
      const index = indexOf(target);
      if (index !== null) choose(index);
    });
    body.addEventListener('keydown', (event) => list.#step(event));
    list.#render();
    return list;
  }

  /** Marks a row and scrolls to it. */
  select(index: number): void {
    this.#chosen = index;
    this.#inOrder = index;
    if (this.#details.open) this.#reveal(index);
  }

  #step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const from = indexOf(event.target);
    if (step === undefined || from === null) return;
    event.preventDefault();
    this.#inOrder = Math.max(0, Math.min(this.#model.marks.length - 1, from + step));
    this.#reveal(this.#inOrder);
  }

  #reveal(index: number): void {
    const frame = this.#frame;
    const top = index * ROW_PIXELS;
    if (top < frame.scrollTop || top > frame.scrollTop + frame.clientHeight - 2 * ROW_PIXELS) {
      frame.scrollTop = Math.max(0, top - frame.clientHeight / 2);
    }
    this.#render();
  }

  /** Makes the rows anew; the keys stay where they were, or as near as there is a row. */
  #render(): void {
    const { length } = this.#model.marks;
    const first = Math.max(0, Math.floor(this.#frame.scrollTop / ROW_PIXELS) - ROWS_BEYOND);
    const last = Math.min(length, first + Math.ceil(this.#frame.clientHeight / ROW_PIXELS) + 2 * ROWS_BEYOND);
    const inOrder = Math.max(first, Math.min(last - 1, this.#inOrder));
    const hasFocus = this.#body.contains(document.activeElement);
    const rows = [spacer(first)];
    for (let index = first; index < last; index += 1) rows.push(this.#row(index, index === inOrder));
    rows.push(spacer(length - last));
    this.#body.replaceChildren(...rows);
    if (hasFocus) this.#body.querySelector<HTMLElement>('button[tabindex="0"]')?.focus({ preventScroll: true });
  }

  #row(index: number, isInOrder: boolean): HTMLTableRowElement {
    const row = document.createElement('tr');
    row.setAttribute('aria-rowindex', String(index + 2));
    row.dataset['index'] = String(index);
    if (index === this.#chosen) row.setAttribute('aria-current', 'true');
    const mark = this.#model.marks[index];
    if (mark === undefined) return row;
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = isInOrder ? 0 : -1;
    button.textContent = millis(mark.atMs);
    row.insertCell().append(button);
    const texts = [LANES[mark.lane] ?? '', mark.conn < 0 ? '–' : String(mark.conn), describeMark(mark)];
    for (const text of texts) row.insertCell().textContent = text;
    return row;
  }
}

/** The event whose row something stands in; null: in none. */
function indexOf(target: EventTarget | null): number | null {
  const index = target instanceof Element ? target.closest('tr')?.dataset['index'] : undefined;
  return index === undefined ? null : Number(index);
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
