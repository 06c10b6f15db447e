/**
 * What a merged run was put together from: each part with its machine, its status and its time.
 */
import type { Run } from '../../evidence/run.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { duration } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { environmentWords } from './environment-part.ts';
import { wideTable } from './wide-table.ts';

/**
 * @param parts of the run
 * @param differ what of each part's environment is not that of all, in their order; null: it is not known
 */
export function partsPart(
  parts: NonNullable<Run['parts']>,
  differ: readonly (Readonly<Record<string, unknown>> | null)[],
): Markup {
  return html`<section aria-labelledby="parts-title">
    <h2 id="parts-title">Put together from</h2>
    ${wideTable({
      label: 'Parts of the run',
      look: 'numbers',
      heads: ['Run', 'Shard', 'Exit status', 'Started', 'Took', 'Command', 'Its machine'],
      wordy: ['Command', 'Its machine'],
      rows: parts.map(({ run, shard, exitStatus, startedAt, durationMs, command }, index) => ({
        name: visibleLine(run, 200),
        cells: [
          shard === undefined ? '–' : `${shard.number} of ${shard.of}`,
          exitStatus === null ? 'has not ended' : String(exitStatus),
          startedAt === undefined ? '–' : visibleLine(startedAt, 60),
          durationMs === undefined ? '–' : duration(durationMs),
          command === undefined ? '–' : html`<code>${visibleLine(`halfopen ${command.join(' ')}`, 400)}</code>`,
          machineWords(differ[index] ?? null),
        ],
      })),
    })}
  </section>`;
}

function machineWords(differs: Readonly<Record<string, unknown>> | null): string {
  if (differs === null) return 'not known';
  const words = environmentWords(differs).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? 'as all of them' : visibleLine(words.join('; '), 600);
}
