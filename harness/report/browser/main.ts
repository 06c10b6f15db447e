/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Makes the page pleasanter: one case at a time, a filter, time lines to move in. Everything is in the markup without it.
 *
 * Owns the order in which the parts come up, the keys of the whole page, and the URL.
 */
import { filterBar } from './filter.ts';
import type { FilterBar } from './filter.ts';
import { readHash, withFilter, writeHash } from './hash-state.ts';
import type { HashState } from './hash-state.ts';
import { PAGE_KEYS } from './page-keys.ts';
import { pagesOf } from './pages.ts';
import { themeButton } from './theme.ts';
import { TimelineView } from './timeline-view.ts';

const SETTLED_MS = 200;

const views = new Map<HTMLElement, Promise<TimelineView | null>>();
const announcer = document.querySelector<HTMLElement>('#announcer');
const tools = document.querySelector<HTMLElement>('#tools');
let state: HashState = readHash('');
let writing: ReturnType<typeof setTimeout> | undefined;

const pages = pagesOf((id) => go(id));
const filter = filterIn(document.querySelector<HTMLElement>('#filter'));
buildTools();
copyButtons();
addEventListener('hashchange', () => follow(true));
addEventListener('keydown', pressed);
addEventListener('click', takeFilterAlong, { capture: true });
follow(false);

function filterIn(place: HTMLElement | null): FilterBar | null {
  if (place === null) return null;
  return filterBar(place, (next) => {
    state = { ...state, page: '', part: '', filter: next };
    keepInUrl();
  });
}

/**
 * Shows what the URL says.
 *
 * @param isStep the reader went there from what was shown: the keys go along
 */
function follow(isStep: boolean): void {
  state = readHash(location.hash);
  const page = pages.show(state.page);
  if (isStep) takeFocus(page);
  if (page === null) {
    filter?.show(state.filter);
    return;
  }
  const part = state.part === '' ? null : document.getElementById(`${state.page}:${state.attempt}:${state.part}`);
  if (part === null) scrollTo(0, 0);
  void mountTimelines(page).then(() => part?.scrollIntoView({ behavior: 'instant' }));
}

function go(id: string): void {
  const hash = writeHash({ ...state, page: id, attempt: 1, part: '', stretch: null, event: null });
  // The only failure leads to itself.
  if (location.hash === hash) follow(true);
  else location.hash = hash;
}

/** What was left has no focus any more: the next key and the next word begin with the heading. */
function takeFocus(page: HTMLElement | null): void {
  const heading = page?.querySelector('h1') ?? document.querySelector<HTMLElement>('#overview');
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** A link to a case, and the way back, keep the filter: without a script they name their place alone. */
function takeFilterAlong({ target }: MouseEvent): void {
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
  if (link === null) return;
  const { page } = readHash(link.hash);
  if (!pages.has(page)) return;
  link.href = withFilter(link.hash, state.filter);
  // What the reader goes back to has the filter too.
  if (writing !== undefined) writeUrl();
  // From the top of the overview to its results is no other address.
  if (page === '' && link.hash === location.hash) follow(true);
}

/** The URL follows what the reader does, without a step in the history for each. */
function keepInUrl(): void {
  clearTimeout(writing);
  writing = setTimeout(writeUrl, SETTLED_MS);
}

function writeUrl(): void {
  clearTimeout(writing);
  writing = undefined;
  history.replaceState(null, '', writeHash(state));
}

async function mountTimelines(page: HTMLElement): Promise<void> {
  addressInstants(page);
  bringIntoSight(page);
  const figures = [...page.querySelectorAll<HTMLElement>('[data-timeline]')];
  for (const [index, figure] of figures.entries()) {
    const attempt = index + 1;
    const details = figure.closest('details');
    if (details !== null && attempt === state.attempt) details.open = true;
    if (details === null || details.open) await mountTimeline(figure, attempt);
    else details.addEventListener('toggle', () => void mountTimeline(figure, attempt), { once: true });
  }
}

/** A stream that is wider than the screen begins where it went wrong, else where the fault bit. */
function bringIntoSight(page: HTMLElement): void {
  for (const frame of page.querySelectorAll<HTMLElement>('.byte-view .scroll')) {
    const place = frame.querySelector('.divergence, .fault-line');
    if (place === null || frame.scrollWidth <= frame.clientWidth) continue;
    const middle = frame.getBoundingClientRect().left + frame.clientWidth / 2;
    frame.scrollLeft += place.getBoundingClientRect().left - middle;
  }
}

/** Each link to a time line becomes the address of its instant, to be sent to someone else. */
function addressInstants(page: HTMLElement): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[data-at]')) {
    const atMs = Number(link.dataset['at']);
    link.href = writeHash({ ...readHash(link.hash), stretch: [atMs, atMs] });
  }
}

async function mountTimeline(figure: HTMLElement, attempt: number): Promise<void> {
  const known = views.get(figure);
  const mounting =
    known ??
    TimelineView.mount(figure, {
      announce,
      moved: ({ stretch, event }) => {
        state = { ...state, attempt, part: '', stretch, event };
        keepInUrl();
      },
    });
  views.set(figure, mounting);
  const wanted = state;
  const view = await mounting;
  if (view === null || wanted.attempt !== attempt) return;
  if (wanted.stretch !== null) view.showStretch(...wanted.stretch);
  if (wanted.event !== null) view.focus(wanted.event);
  if (wanted.stretch === null && wanted.event === null) return;
  figure.scrollIntoView({ block: 'center' });
  view.takeKeys();
}

function announce(text: string): void {
  if (announcer !== null) announcer.textContent = text;
}

function buildTools(): void {
  if (tools === null) return;
  const redraw = async (): Promise<void> => {
    for (const view of views.values()) (await view)?.redraw();
  };
  const link = (label: string, title: string, act: () => void): HTMLButtonElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.title = title;
    button.addEventListener('click', act);
    return button;
  };
  // Where all passed there is none to go to.
  if (pages.urgent(1) !== null) tools.append(link('Next failure', 'Next case to look at (n)', () => step(1)));
  tools.append(themeButton(() => void redraw()));
}

function step(direction: 1 | -1): void {
  const next = pages.urgent(direction);
  if (next === null) return announce('There is no failure');
  go(next.id);
  if (next.isAround) announce(direction === 1 ? 'The first failure again' : 'The last failure again');
}

function pressed(event: KeyboardEvent): void {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === PAGE_KEYS.nextUrgent) step(1);
  else if (event.key === PAGE_KEYS.previousUrgent) step(-1);
  else if (event.key === PAGE_KEYS.overview && state.page !== '') go('');
  else if (event.key === PAGE_KEYS.find && state.page === '') {
    event.preventDefault();
    filter?.focus();
  }
}

function copyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('.reproduce')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => {
      const line = block.querySelector('code')?.textContent ?? '';
      void navigator.clipboard.writeText(line).then(
        () => announce((button.textContent = 'Copied')),
        () => announce((button.textContent = 'Select and copy by hand')),
      );
    });
    block.append(button);
  }
}
