/**
 * A planned fault in words: the one place that turns its keys into a sentence.
 */
import type { PlannedFault } from '../../scenario/fault.ts';
import { count } from '../text/quantity.ts';

const ARROWS: Readonly<Record<string, string>> = { upstream: 'client → server', downstream: 'server → client' };

/** Keys that the sentence begins or ends with. */
const SAID: ReadonlySet<string> = new Set(['id', 'kind', 'direction', 'when', 'forMs', 'connections', 'role']);

/** `reset at 1,061 (server → client), before connect`. */
export function describeFault(fault: PlannedFault): string {
  const clauses = [sentence(fault, fault.kind)];
  if ('connections' in fault && fault.connections !== undefined) {
    clauses.push(`connection ${fault.connections.slice(0, 10).join(', ')} only`);
  }
  return clauses.join(', ');
}

/** @param head what the sentence begins with */
export function sentence(fault: PlannedFault, head: string): string {
  const parts: string[] = [head];
  if ('role' in fault) parts.push(`the ${fault.role}`);
  for (const [key, value] of Object.entries(fault)) {
    if (!SAID.has(key) && value !== undefined) parts.push(settingWords(key, value));
  }
  if ('direction' in fault) parts.push(`(${ARROWS[fault.direction] ?? fault.direction})`);
  const clauses = [parts.join(' '), triggerWords(fault.when)];
  if (fault.forMs !== undefined) clauses.push(`for ${count(fault.forMs)} ms`);
  return clauses.join(', ');
}

function settingWords(key: string, value: unknown): string {
  const shown = Array.isArray(value) ? listed(value) : valueWords(value);
  if (key.endsWith('Ms')) return `${key.slice(0, -2)} ${shown} ms`;
  return key === 'at' ? `at byte ${shown}` : `${key} ${shown}`;
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).map(valueWords);
  return values.length > shown.length
    ? `${shown.join(', ')} and ${values.length - shown.length} more`
    : shown.join(', ');
}

/** A step of a script is named by what it does; anything else that is no plain value stands as it is written. */
function valueWords(value: unknown): string {
  if (typeof value === 'number') return count(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return 'do' in value ? String(value.do) : JSON.stringify(value);
}

const ORDINALS: Readonly<Record<number, string>> = { 1: 'first', 2: 'second', 3: 'third' };

function triggerWords(trigger: PlannedFault['when']): string {
  if (trigger.on === 'before-connect') return 'armed before connect';
  if (trigger.on === 'time') return `${count(trigger.afterMs)} ms after the client's start`;
  const which = ORDINALS[trigger.nth] ?? `${count(trigger.nth)}th`;
  const when = trigger.afterMs === 0 ? 'at' : `${count(trigger.afterMs)} ms after`;
  return `${when} the ${trigger.role}'s ${which} ${trigger.event}`;
}
