import { expect, test } from 'vitest';

import type { EvidenceRecord, RecordOf } from '../../evidence/record.ts';
import { endText } from './end-text.ts';

const exit = (atMs: number, status: number | null, signal: string | null = null): RecordOf<'exited'> => ({
  kind: 'exited',
  atMs,
  role: 'client',
  status,
  signal,
});
const kill = (why: RecordOf<'signalled'>['why'], role: 'client' | 'server' = 'client'): EvidenceRecord => ({
  kind: 'signalled',
  atMs: 5,
  role,
  signal: 'SIGKILL',
  why,
});

test.for([
  ['a status', exit(9, 3), [], 'status 3'],
  ['no status that anybody knows', exit(9, null), [], 'status unknown'],
  ['a signal of its own', exit(9, null, 'SIGSEGV'), [kill('overdue')], 'SIGSEGV'],
  ['a kill by nobody known', exit(9, null, 'SIGKILL'), [], 'SIGKILL'],
  ['a kill that is a fault', exit(9, null, 'SIGKILL'), [kill('fault')], 'SIGKILL'],
  ['a kill of the other process', exit(9, null, 'SIGKILL'), [kill('overdue', 'server')], 'SIGKILL'],
  ['a kill of the one before it', exit(9, null, 'SIGKILL'), [kill('overdue'), exit(6, 137)], 'SIGKILL'],
  ['a kill by the harness', exit(9, null, 'SIGKILL'), [kill('overdue')], 'SIGKILL from the harness'],
  ['a kill by the harness in a container', exit(9, 137), [kill('flood')], 'SIGKILL from the harness'],
  ['a kill for want of memory', { ...exit(9, null, 'SIGKILL'), outOfMemory: true }, [kill('overdue')], 'SIGKILL'],
] as const)('%s', ([, exited, before, told]) => {
  expect(endText(exited, [...before, exited, kill('cleanup')])).toBe(told);
});
