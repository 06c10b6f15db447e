/**
 * Where the run took place: `environment.json`, whatever it holds. What differs between the parts of a merged run is told
 * by `parts-part.ts`.
 */
import { RUN_FILES } from '../../evidence/folder.ts';
import { partedEnvironment } from '../merge-environments.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';

const MOST_ROWS = 120;
const MOST_DEPTH = 4;

/** Nothing where the run left no such file. */
export function environmentPart(environment: unknown): Markup | null {
  const rows = environmentWords(partedEnvironment(environment)?.common ?? environment);
  if (rows.length === 0) return null;
  return html`<section class="environment">
    <h2>Where it ran</h2>
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${visibleLine(name, 80)}</dt>
            <dd>${visibleLine(value, 300)}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** Each fact by its name. */
export function environmentWords(environment: unknown): [string, string][] {
  if (environment === null || typeof environment !== 'object') return [];
  return flattened(environment, '', 0).slice(0, MOST_ROWS);
}

function flattened(value: object, prefix: string, depth: number): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, string][] => {
    const name = prefix === '' ? words(key) : `${prefix}, ${words(key)}`;
    if (inner === null || inner === undefined) return [];
    if (typeof inner === 'string') return [[name, inner]];
    if (typeof inner === 'number' && key.endsWith('Bytes')) return [[name.replace(/ bytes$/, ''), size(inner)]];
    if (typeof inner !== 'object') return [[name, JSON.stringify(inner)]];
    if (Array.isArray(inner) && inner.every((item) => typeof item !== 'object'))
      return inner.length === 0 ? [] : [[name, inner.join(', ')]];
    return depth >= MOST_DEPTH ? [[name, `more, in ${RUN_FILES.environment}`]] : flattened(inner, name, depth + 1);
  });
}

/** Enough to compare machines by. */
function size(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** `nodeVersion` as `node version`. */
function words(key: string): string {
  return key.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
}
