/**
 * The filter over the matrix: words, verdicts, fault, behaviour and tag. What it leaves is shown, the rest is hidden or dimmed.
 */
import { counted } from '../text/quantity.ts';
import { VERDICTS_BY_URGENCY } from '../text/verdict-word.ts';
import { decoded, NO_FILTER } from './hash-state.ts';
import type { Filter } from './hash-state.ts';

/** One cell of the matrix with all the words it can be found by. */
interface Cell {
  readonly element: HTMLTableCellElement;
  readonly row: HTMLTableRowElement;
  readonly column: string;
  readonly verdict: string;
  readonly text: string;
  readonly faults: readonly string[];
  readonly behaviour: string;
  readonly tags: readonly string[];
}

export interface FilterBar {
  /** Shows a filter that came from the URL. */
  readonly show: (filter: Filter) => void;
  readonly focus: () => void;
}

/** Builds the bar in its place, and tells each change. */
export function filterBar(place: HTMLElement, changed: (filter: Filter) => void): FilterBar {
  const cells = cellsOf(document.querySelectorAll<HTMLTableCellElement>('.matrix td[data-column] > a'));
  const search = document.createElement('input');
  search.type = 'search';
  search.placeholder = 'Find a claim, a pair, a fault';
  search.setAttribute('aria-label', 'Find a claim, a pair, a fault');
  const verdicts = toggles(VERDICTS_BY_URGENCY.filter((word) => cells.some(({ verdict }) => verdict === word)));
  const fault = choice('Any fault', [...new Set(cells.flatMap((cell) => cell.faults))].sort());
  const behaviour = choice('Any behaviour', [...new Set(cells.map((cell) => cell.behaviour))]);
  const tag = choice('Any tag', tellingTags(cells), 1);
  const count = document.createElement('span');
  count.className = 'count';
  count.setAttribute('role', 'status');
  // One kind alone is nothing to choose by.
  const none = noMatch(() => {
    show(NO_FILTER);
    changed(NO_FILTER);
    search.focus();
  });
  place.after(none);
  place.append(search, ...(verdicts.size > 1 ? verdicts.values() : []), fault, behaviour, tag, count);
  place.hidden = false;

  const current = (): Filter => ({
    text: search.value.trim(),
    verdicts: [...verdicts]
      .filter(([, button]) => button.getAttribute('aria-pressed') === 'true')
      .map(([word]) => word),
    fault: fault.value,
    behaviour: behaviour.value,
    tag: tag.value,
  });
  const apply = (): void => {
    const left = sift(cells, current());
    const all = counted(cells.length, 'case');
    none.hidden = left > 0;
    const table = document.querySelector<HTMLElement>('.matrix-part .scroll');
    if (table !== null) table.hidden = left === 0;
    count.textContent = left === cells.length ? all : `${left} of ${all}`;
  };
  const change = (): void => {
    apply();
    changed(current());
  };
  for (const control of [search, fault, behaviour, tag]) control.addEventListener('input', change);
  for (const button of verdicts.values()) {
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
      change();
    });
  }
  const show = (filter: Filter): void => {
    search.value = filter.text;
    fault.value = filter.fault;
    behaviour.value = filter.behaviour;
    tag.value = filter.tag;
    for (const [word, button] of verdicts) button.setAttribute('aria-pressed', String(filter.verdicts.includes(word)));
    apply();
  };
  show(NO_FILTER);
  return { show, focus: () => search.focus() };
}

/** What stands in the place of a table without rows. */
function noMatch(clear: () => void): HTMLElement {
  const none = document.createElement('p');
  none.className = 'no-match';
  none.hidden = true;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Clear the filter';
  button.addEventListener('click', clear);
  none.append('No case matches.', button);
  return none;
}

function cellsOf(links: Iterable<HTMLElement>): Cell[] {
  return [...links].flatMap((link) => {
    const element = link.closest('td');
    const row = link.closest('tr');
    if (element === null || row === null) return [];
    const column = element.dataset['column'] ?? '';
    const behaviour = row.closest('tbody')?.dataset['behaviour'] ?? '';
    const [faults, tags] = [faultsIn(row), wordsIn(row.dataset['tags'])];
    const verdict = link.dataset['verdict'] ?? '';
    const text = [row.querySelector('th')?.textContent, column, verdict, ...faults, ...tags].join(' ').toLowerCase();
    return [{ element, row, column, verdict, text, faults, behaviour, tags }];
  });
}

/** The kinds of fault of a row's cases, as their own pages name them. */
function faultsIn(row: HTMLElement): string[] {
  const pages = [...row.querySelectorAll<HTMLAnchorElement>('a')].map(({ hash }) =>
    document.getElementById(decoded(hash.slice(1))),
  );
  return [...new Set(pages.flatMap((page) => wordsIn(page?.dataset['faults'])))].sort();
}

function wordsIn(text: string | undefined): string[] {
  return (text ?? '').split(' ').filter((word) => word !== '');
}

/** What all cases have is nothing to choose by. */
function tellingTags(cells: readonly Cell[]): string[] {
  const all = new Set(cells.flatMap(({ tags }) => tags));
  return [...all].filter((tag) => cells.some(({ tags }) => !tags.includes(tag))).sort();
}

/** Hides and dims; gives how many cases are left. */
function sift(cells: readonly Cell[], filter: Filter): number {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const kept = new Set(cells.filter((cell) => passes(cell, filter, words)));
  const rows = new Set([...kept].map((cell) => cell.row));
  const columns = new Set([...kept].map((cell) => cell.column));
  const all = kept.size === cells.length;
  for (const cell of cells) {
    cell.row.hidden = !rows.has(cell.row);
    cell.element.classList.toggle('dim', !kept.has(cell));
  }
  for (const element of document.querySelectorAll<HTMLElement>('.matrix [data-column]')) {
    element.hidden = !all && !columns.has(element.dataset['column'] ?? '');
  }
  for (const body of document.querySelectorAll<HTMLElement>('.matrix tbody')) {
    body.hidden = body.querySelector('tr.scenario:not([hidden])') === null;
  }
  return kept.size;
}

function passes(cell: Cell, { verdicts, fault, behaviour, tag }: Filter, words: readonly string[]): boolean {
  if (verdicts.length > 0 && !verdicts.includes(cell.verdict)) return false;
  if (fault !== '' && !cell.faults.includes(fault)) return false;
  if (behaviour !== '' && cell.behaviour !== behaviour) return false;
  if (tag !== '' && !cell.tags.includes(tag)) return false;
  return words.every((word) => cell.text.includes(word));
}

function toggles(words: readonly string[]): Map<string, HTMLButtonElement> {
  return new Map(
    words.map((word) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = word;
      button.setAttribute('aria-pressed', 'false');
      return [word, button];
    }),
  );
}

/** @param least values that there is something to choose from with */
function choice(any: string, values: readonly string[], least = 2): HTMLSelectElement {
  const select = document.createElement('select');
  select.setAttribute('aria-label', any.replace('Any ', ''));
  select.append(new Option(any, ''), ...values.map((value) => new Option(value.replaceAll('-', ' '), value)));
  select.hidden = values.length < least;
  return select;
}
