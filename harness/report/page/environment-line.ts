/**
 * Where a case ran, in one line: as much of `environment.json` as tells one machine from another.
 *
 * All that the file holds is `environment-part.ts`; which part of a merged run a case is from is told in `case-page.ts`.
 */
import { RUN_FILES } from '../../evidence/folder.ts';
import { partedEnvironment } from '../merge-environments.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';

/** Enough to find it by. */
const COMMIT_CHARACTERS = 12;

/** What is told, in this order, and how. */
const TOLD: readonly (readonly [key: string, words: (value: string) => string])[] = [
  ['platform', (value) => value],
  ['kernel', (value) => `kernel ${value}`],
  ['architecture', (value) => value],
  ['processor', (value) => value],
  ['cores', (value) => (value === '1' ? '1 core' : `${value} cores`)],
  ['node', (value) => `Node ${value}`],
  ['engine', (value) => `container engine ${value}`],
  ['halfopen', (value) => `Halfopen ${value}`],
  ['commit', (value) => `commit ${value.slice(0, COMMIT_CHARACTERS)}`],
];

/** Null where the run left no such file. */
export function environmentLine(environment: unknown): Markup | null {
  if (typeof environment !== 'object' || environment === null) return null;
  const parted = partedEnvironment(environment);
  const facts = new Map<string, unknown>(Object.entries(parted?.common ?? environment));
  const told = TOLD.flatMap(([key, words]) => {
    const value = facts.get(key);
    return typeof value === 'string' || typeof value === 'number' ? [words(visibleLine(String(value), 80))] : [];
  });
  const differs = parted?.differ.some((own) => own === null || Object.keys(own).length > 0) === true;
  return html`<p class="aside">
    Ran on ${told.length === 0 ? 'a machine of which nothing is told here' : told.join(', ')} (<a
      href="${RUN_FILES.environment}"
      >${RUN_FILES.environment}</a
    >).
    ${differs && html`This run is put together from parts, and what is not the same for all of them is told in <a href="#overview">the overview</a>.`}
  </p>`;
}
