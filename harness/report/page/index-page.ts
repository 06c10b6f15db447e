/**
 * The whole document: one file that asks the network for nothing and says so itself.
 *
 * Everything is in the markup; style and script only make it pleasanter. Owns the frame, the policy and the order of parts.
 */
import { createHash } from 'node:crypto';

import type { Case } from '../cases.ts';
import type { RunRecord } from '../run-folder.ts';
import { LINE } from '../text/bare-paint.ts';
import { html, Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';
import { glyphSheet } from './badge.ts';
import { environmentPart } from './environment-part.ts';
import { masthead } from './masthead.ts';
import { matrix } from './matrix.ts';

/** Style and script of the page, ready to stand in it. */
export interface Assets {
  readonly css: string;
  readonly script: string;
}

/** What the overview is made of. */
interface Overview {
  readonly record: RunRecord;
  readonly cases: readonly Case[];
  /** What a reader should look at before anything else. */
  readonly first: readonly Markup[];
  /** Further parts of the overview, after the matrix. */
  readonly overview: readonly Markup[];
}

/** Runs before the body is read, so that a page with a script never lays out the cases it will not show. */
const BOOT = `document.documentElement.dataset.script='on'`;

/** All that stands before the first case: the overview, too. */
export function pageHead({ record, cases, first, overview }: Overview, assets: Assets): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(assets)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${visibleLine(record.run.run, 100)} · Halfopen</title>
        ${new Markup(`<style>${assets.css}</style><script>${BOOT}</script>`)}
      </head>
      <body>
        ${glyphSheet()}
        <a class="skip" href="#overview">To the results</a>
        <header class="bar">
          <span class="brand"
            ><svg width="34" height="14" viewBox="0 0 34 14" fill="currentColor" aria-hidden="true">
              <path class="brand-line" ${LINE} d="M9 7h16" />
              <circle class="brand-live" cx="6" cy="7" r="5" />
              <circle class="brand-gone" ${LINE} cx="28" cy="7" r="4.2" /></svg
            >Halfopen</span
          ><span class="tools" id="tools"></span>
        </header>
        <main>
          <div id="overview" tabindex="-1">
            ${masthead(record, cases)} ${first} ${cases.length > 0 && matrix(cases)} ${overview}
            ${environmentPart(record.environment)}
          </div>
          <div id="cases">
     `.text;
}

/** All that stands after the last case. */
export function pageFoot({ script }: Assets): string {
  return html`</div>
        </main>
        <p class="unseen" role="status" id="announcer"></p>
        <footer class="foot">
          Every time is in milliseconds since its attempt began, on the harness’s monotonic clock. This page loads
          nothing from anywhere.
        </footer>
        ${new Markup(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

/** Nothing from anywhere; only this very style and script. */
function policy({ css, script }: Assets): string {
  return `default-src 'none'; style-src ${hash(css)}; script-src ${hash(BOOT)} ${hash(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
