/**
 * Ways to break the judge, each of which its own tests must notice.
 *
 * Owns the mutants: each invariant removed and inverted, the other questions left out, the order of verdicts, the soundness
 * of evidence and the tolerance bent. Trying them is `judge-mutation.ts`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const JUDGE = join(ROOT, 'harness/judge');

/** One place of the judge, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** Under `harness/judge/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What an invariant asks, instead of its own question. */
const INSTEAD = {
  removed:
    "() => [{ outcome: 'pass', expected: '', actual: '', measured: null, atMs: null, dependsOnFault: false, unknownReason: null }]",
  inverted:
    "(attempt) => asWritten.examine(attempt).map((one) => ({ ...one, outcome: one.outcome === 'fail' ? 'pass' : one.outcome === 'pass' ? 'fail' : one.outcome }))",
} as const;

/** Parts of the judge that are no invariant's question, bent one by one. */
export const HAND_WRITTEN: readonly Mutant[] = [
  own('expectations left out', 'judge.ts', '[...expectations, ...receipts, ...seen]', '[...receipts, ...seen]'),
  own('receipts left out', 'judge.ts', '[...expectations, ...receipts, ...seen]', '[...expectations, ...seen]'),
  own('seen left out', 'judge.ts', '[...expectations, ...receipts, ...seen]', '[...expectations, ...receipts]'),
  own('damage passed over', 'judge.ts', '() => soundness(evidence)', '() => []'),
  own(
    'what cannot be is taken as it is',
    'soundness.ts',
    'missing(evidence) ?? impossible(evidence)',
    'missing(evidence)',
  ),
  own(
    'impossible records taken as they are',
    'soundness.ts',
    "impossibleRecord(records, 'plain' in plan ? 'many' : 'one') ??",
    '',
  ),
  own('impossible events of the proxy taken as they are', 'soundness.ts', 'impossibleOnWire(wire, account) ??', ''),
  own('impossible receipts taken as they are', 'soundness.ts', 'impossibleReceipt(receipts, endMs, errorMs)', 'null'),
  own('a role without a record passed over', 'soundness.ts', 'return missingRole(plan, records) ??', 'return null ??'),
  own("half of the proxy's account is enough", 'soundness.ts', '?? missingFromWire(records, wire)', ''),
  own('words after an end taken for true', 'sound-records.ts', 'if (ends[role] === starts[role])', 'if (false)'),
  own('a fault that came too late counts', 'delivery.ts', 'tooLate(attempt, delivered) ??', ''),
  own('a fault that went too soon counts', 'delivery.ts', '?? tooShort(attempt, view, delivered)', ''),
  own(
    'a fault that was never lifted counts',
    'delivery.ts',
    "isDue && lifted === null ? 'nothing tells of it' : null",
    'null',
  ),
  own('messages that nobody traced count', 'integrity.ts', 'if (unknown.length > 0)', 'if (false)'),
  own('pauses all alike are drawn by chance', 'paced.ts', '?? inStep(pauses)', ''),
  own('plain: damage passed over', 'plain/judge-plain.ts', '() => soundness(evidence)', '() => []'),
  own(
    'plain: receipts left out',
    'plain/judge-plain.ts',
    'examineDelivery(attempt).map(({ finding }) => finding)',
    '[]',
  ),
  own(
    'plain: interruptions passed over',
    'plain/judge-plain.ts',
    'const prevented = preventedBy(evidence);',
    'const prevented: ReturnType<typeof preventedBy> = null;',
  ),
  own(
    'plain: nothing to join passed over',
    'plain/judge-plain.ts',
    'if (unsupported !== null)',
    'if (unsupported !== null && false)',
  ),
  own(
    'interruptions passed over',
    'judge.ts',
    'const prevented = preventedBy(evidence);',
    'const prevented: ReturnType<typeof preventedBy> = null;',
  ),
  own(
    'unsupported passed over',
    'judge.ts',
    'const unsupported = unsupportedBy(attempt);',
    'const unsupported: ReturnType<typeof unsupportedBy> = null;',
  ),
  own('a breach counts without its fault', 'verdict.ts', '(faultCounts || !check.dependsOnFault)', 'true'),
  own(
    'a breach under a fault never counts',
    'verdict.ts',
    '(faultCounts || !check.dependsOnFault)',
    '!check.dependsOnFault',
  ),
  own(
    'nothing checked is green',
    'verdict.ts',
    "checks.every((candidate) => candidate.outcome === 'not-checked')",
    'false',
  ),
  own('every hang is the subject’s', 'process-end.ts', 'isTheHosts(attempt, process, record)', 'false'),
  own('every hang is the host’s', 'process-end.ts', 'isTheHosts(attempt, process, record)', 'true'),
  own(
    'ends that are not told passed over',
    'settled.ts',
    '...places.flatMap(({ place }) => endsNotTaken(attempt, place)),',
    '',
  ),
  own(
    'attempts side by side passed over',
    'paced.ts',
    'const overlaps = sideBySide(attempt);',
    'const overlaps: Finding[] = [];',
  ),
  own(
    'clients that give up passed over',
    'paced.ts',
    'const early = gaveUpEarly(attempt, pauses);',
    'const early: Finding[] = [];',
  ),
  own('time on a core passed over', 'consumption.ts', 'spentMs > expectation.atMostMs', 'false'),
  own('answers owed at an end passed over', 'half-close.ts', '...abandoned(attempt, place)', ''),
  own('service broken again is waited for', 'recovered.ts', 'if (isBrokenAgain(', 'if (false && isBrokenAgain('),
  own(
    'no tolerance',
    'tolerance.ts',
    'forBound: (boundMs) => Math.min(allowanceMs, cap(boundMs))',
    'forBound: () => 0',
  ),
  own(
    'tolerance without end',
    'tolerance.ts',
    'forBound: (boundMs) => Math.min(allowanceMs, cap(boundMs))',
    'forBound: () => 1e9',
  ),
  own(
    'no stall explains anything',
    'tolerance.ts',
    'return waitedMs > cap(boundMs) &&',
    'return false && waitedMs > cap(boundMs) &&',
  ),
  own(
    'a stall explains everything',
    'tolerance.ts',
    'return waitedMs > cap(boundMs) &&',
    'return true || waitedMs > cap(boundMs) &&',
  ),
];

function own(name: string, file: string, from: string, to: string): Mutant {
  return { name, file, from, to };
}

/** Each invariant, of either judge, gives two mutants. */
export async function invariantMutants(): Promise<Mutant[]> {
  const files = (await readdir(JUDGE, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const mutants = await Promise.all(
    files.toSorted().map(async (file) => mutantsOf(file, await readFile(join(JUDGE, file), 'utf8'))),
  );
  return mutants.flat();
}

const INVARIANT = /^export const (\w+): (Plain)?Invariant = \{\n {2}name: '([^']+)'[^]*?^\};$/m;

function mutantsOf(file: string, source: string): Mutant[] {
  const [from, constant = '', plain = '', name = ''] = INVARIANT.exec(source) ?? [];
  if (from === undefined) return [];
  const type = `${plain}Invariant`;
  return Object.entries(INSTEAD).map(([how, examine]) => {
    const asWritten = from.replace(`export const ${constant}`, 'const asWritten');
    const to = `${asWritten}\nexport const ${constant}: ${type} = { ...asWritten, examine: ${examine} };`;
    return own(`${name} ${how}`, file, from, to);
  });
}
