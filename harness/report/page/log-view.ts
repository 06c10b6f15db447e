/**
 * What a subject wrote to its standard error: the end of it.
 */
import type { LogTail } from '../run-folder.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { counted } from '../text/quantity.ts';
import { visibleText } from '../text/visible-text.ts';

/** No less than is kept of a log, whose end says most. */
const MOST_CHARACTERS = 8_192;

export function logView(name: string, log: LogTail | null): Markup {
  if (log === null || log.text === '') return html`<p class="aside">The ${name} logged nothing.</p>`;
  return html`<details class="log">
    <summary>
      Log of the
      ${name}${log.omittedBytes > 0 && html`, its end (${counted(log.omittedBytes, 'byte')} before it left out)`}
    </summary>
    <pre tabindex="0">${visibleText(log.text, MOST_CHARACTERS)}</pre>
  </details>`;
}
