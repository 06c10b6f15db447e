/**
 * Shows one thing at a time: the overview, or one case.
 *
 * The other cases stay in the document, hidden until the browser's own search finds something in them. On paper the
 * overview brings all cases with it, and a case only itself.
 */

export interface Pages {
  /** Shows a case by its id, or the overview; gives the case's element. */
  readonly show: (id: string) => HTMLElement | null;
  /** Whether there is such a page: a case by its id, or the overview by none. */
  readonly has: (id: string) => boolean;
  /** The next case that needs a reader, from the one shown, and round from the last to the first; null: there is none. */
  readonly urgent: (step: 1 | -1) => Urgent | null;
}

export interface Urgent {
  readonly id: string;
  /** The last comes before it. */
  readonly isAround: boolean;
}

/** @param found called when the browser's search goes into a hidden case */
export function pagesOf(found: (id: string) => void): Pages {
  const overview = document.querySelector<HTMLElement>('#overview');
  const cases = new Map(
    [...document.querySelectorAll<HTMLElement>('[data-case]')].map((element) => [element.id, element]),
  );
  let shown: HTMLElement | null = overview;
  for (const element of cases.values()) {
    element.setAttribute('hidden', 'until-found');
    element.addEventListener('beforematch', () => found(element.id));
  }
  const runTitle = document.title;
  const show = (id: string): HTMLElement | null => {
    const next = cases.get(id) ?? null;
    document.title = next === null ? runTitle : `${claimOf(next)} · ${runTitle}`;
    document.documentElement.dataset['page'] = next === null ? 'overview' : 'case';
    if (next === shown || (next === null && shown === overview)) return next;
    conceal(shown, overview);
    shown = next ?? overview;
    shown?.removeAttribute('hidden');
    return next;
  };
  const urgent = (step: 1 | -1): Urgent | null => {
    const all = [...cases.values()];
    const at = shown === null ? -1 : all.findIndex((element) => element === shown);
    const ahead = step === 1 ? all.slice(at + 1) : all.slice(0, Math.max(0, at)).toReversed();
    const around = step === 1 ? all : all.toReversed();
    const next = ahead.find(isUrgent);
    const urgentCase = next ?? around.find(isUrgent);
    return urgentCase === undefined ? null : { id: urgentCase.id, isAround: next === undefined && at !== -1 };
  };
  return { show, has: (id) => id === '' || cases.has(id), urgent };
}

/** Of several tabs with cases of one run each is told by its own claim. */
function claimOf(element: HTMLElement): string {
  return element.querySelector('h1')?.textContent.trim() ?? element.id;
}

const URGENT: ReadonlySet<string> = new Set(['fail', 'setup-error', 'unknown', 'interrupted']);

function isUrgent(element: HTMLElement): boolean {
  return URGENT.has(element.dataset['verdict'] ?? '');
}

function conceal(element: HTMLElement | null, overview: HTMLElement | null): void {
  if (element === overview) overview?.setAttribute('hidden', '');
  else element?.setAttribute('hidden', 'until-found');
}
