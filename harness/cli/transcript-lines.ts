/**
 * All that one run of a subject showed, as lines to read: how it was started, what it printed and when, how it ended.
 */
import { OWNER_VARIABLE } from '../run/local/sweep.ts';
import type { Transcript } from '../check/transcript.ts';
import { ending } from '../check/transcript.ts';
import { printable } from './printable.ts';

export function transcriptLines(transcript: Transcript, command: readonly string[]): string[] {
  const { environment, lines, startedMs, inputEndedMs, log } = transcript;
  const since = (ms: number): string => `${(ms - startedMs).toFixed(1).padStart(8)} ms`;
  const variables = Object.entries(environment)
    .filter(([name]) => name.startsWith('HALFOPEN_') && name !== OWNER_VARIABLE)
    .map(([name, value]) => printable(`${name}='${value}'`));
  const printed = lines.map(({ text, arrivedMs }) => ({ ms: arrivedMs, line: `printed  ${printable(text)}` }));
  const ended = inputEndedMs === null ? [] : [{ ms: inputEndedMs, line: 'the check ended its standard input' }];
  const told = [...printed, ...ended].toSorted((one, other) => one.ms - other.ms);
  return [
    `    ran      ${[...variables, ...command].join(' ')}`,
    ...told.map(({ ms, line }) => `    ${since(ms)}  ${line}`),
    ...(transcript.exitedMs === null ? [] : [`    ${since(transcript.exitedMs)}  ${printable(ending(transcript))}`]),
    ...log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `    log      │ ${printable(line)}`),
  ];
}
