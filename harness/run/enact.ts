/**
 * What every attempt has around it, whatever kind of subjects it is made with: its record, the canary, and how it ended.
 *
 * Owns that each attempt ends on record as finished, interrupted or failed to be set up, and is cleaned up in any case.
 */
import type { Receipt } from '../evidence/receipt.ts';
import { startCanary } from './canary.ts';
import type { Recorder } from './recorder.ts';
import { messageOf, remedyOf } from './run-error.ts';

/** A removed proxy's last event comes at once, or the proxy is gone. */
export const LAST_EVENT_MS = 1_000;

/** The steps of one attempt. */
export interface Enactment {
  carryOut(): Promise<void>;
  /** Leaves nothing behind, whatever step the attempt stopped at. */
  cleanUp(): Promise<void>;
  receipts(): Receipt[];
}

/**
 * Carries an attempt out and closes its record.
 *
 * @throws {RunError} only where evidence cannot be written; every other failure is in the evidence
 */
export async function enact(attempt: Enactment, recorder: Recorder, signal: AbortSignal): Promise<void> {
  const canary = startCanary((lateMs) => recorder.record({ kind: 'stalled', process: 'harness', lateMs }));
  try {
    await attempt.carryOut();
    recorder.record({ kind: 'finished' });
  } catch (error) {
    if (signal.aborted) recorder.record({ kind: 'interrupted', signal: String(signal.reason) });
    else recorder.record({ kind: 'setup-failed', problem: messageOf(error), remedy: remedyOf(error) });
  } finally {
    await attempt.cleanUp();
    canary[Symbol.dispose]();
    await recorder.close(attempt.receipts());
  }
}
