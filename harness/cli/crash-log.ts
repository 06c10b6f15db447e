/**
 * The end of the log of a process that crashed, for the console.
 *
 * Owns which processes of an attempt crashed and what of their logs is shown. Nothing is shown of one that the harness
 * or a fault killed.
 */
import { join } from 'node:path';

import { endedByHarness } from '../evidence/ended-by-harness.ts';
import type { Evidence, PlainEvidence } from '../evidence/evidence.ts';
import { logFile } from '../evidence/folder.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { ROLES } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import { readLogTail } from '../report/read-run-folder.ts';
import { printable } from './printable.ts';

const SHOWN_LINES = 5;
/** A container tells an end by a signal as this and the signal's number. */
const SIGNALLED_STATUS = 128;
/** A stack ends with lines of braces. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

export interface CrashLog {
  readonly role: Role;
  /** Of the log file. */
  readonly path: string;
  /** The last that say something; none: it logged nothing. */
  readonly lines: readonly string[];
}

/** @param folder of the attempt */
export async function crashLogs({ records }: Evidence | PlainEvidence, folder: string): Promise<CrashLog[]> {
  const crashed = ROLES.filter((role) => records.some((record) => isCrash(record, role, records)));
  return Promise.all(
    crashed.map(async (role) => {
      const path = join(folder, logFile(role));
      const text = await readLogTail(path).then(
        (tail) => tail.text,
        () => '',
      );
      return { role, path, lines: lastLines(text) };
    }),
  );
}

/** As lines of a failure's screen. What a subject logs begins no line: a CI system may take some beginnings for commands. */
export function crashLogLines({ role, path, lines }: CrashLog): string[] {
  const lead = '    log       ';
  if (lines.length === 0) return [`${lead}the ${role} crashed and logged nothing`];
  return [
    `${lead}of the ${role}, its end: ${path}`,
    ...lines.map((line) => `${' '.repeat(lead.length)}${printable(`│ ${line}`)}`),
  ];
}

function isCrash(record: EvidenceRecord, role: Role, records: readonly EvidenceRecord[]): boolean {
  if (record.kind !== 'exited' || record.role !== role || record.status === 0) return false;
  const isFaults = records.some((each) => each.kind === 'signalled' && each.role === role && each.why === 'fault');
  const bySignal = record.signal !== null || (record.status ?? 0) > SIGNALLED_STATUS;
  return !endedByHarness(record, records) && (record.outOfMemory === true || !isFaults || !bySignal);
}

function lastLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => SAYS_SOMETHING.test(line))
    .slice(-SHOWN_LINES);
}
