/**
 * Test only: a sweep, the same fault at one byte after another, a connection each. Its first connection alone has bytes.
 */
import type { Receipt } from '../../evidence/receipt.ts';
import type { PlannedFault } from '../../scenario/fault.ts';
import { sampleAttempt } from './attempt.ts';
import type { AttemptShape, SampleAttempt } from './attempt.ts';

export function sampleSweep(shape: AttemptShape, steps: number): SampleAttempt {
  const made = sampleAttempt({ ...shape, fault: { kind: 'fin' } });
  const { plan } = made.evidence;
  const numbers = Array.from({ length: steps }, (_, index) => index + 1);
  const faults = numbers.map((number): PlannedFault => ({
    id: `f${number}`,
    kind: 'fin',
    direction: 'downstream',
    when: { on: 'before-connect' },
    at: 10 + number,
    connections: [number],
  }));
  const receipts = faults.map(({ id, kind }, index): Receipt => {
    const atMs = 150 + index;
    const delivered = { earliestMs: atMs, latestMs: atMs, count: 1, grade: 'self', proof: 'an end' } as const;
    return { fault: id, kind, asked: null, acknowledged: null, delivered, lifted: null, error: null };
  });
  return { ...made, evidence: { ...made.evidence, plan: { ...plan, faults }, receipts } };
}
