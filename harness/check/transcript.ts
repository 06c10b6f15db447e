/**
 * All that one run of a subject showed: its lines, its exit, its log.
 *
 * Owns the record and simple questions to it; no I/O.
 */
import type { EventName, LineReading, SubjectEvent } from '../contract/event.ts';
import { EXIT_UNSUPPORTED } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';

/** One line of standard output. */
export interface Line {
  /** Cut to a length fit for showing. */
  readonly text: string;
  /** It is a JSON object, whatever it says. */
  readonly isObject: boolean;
  readonly reading: LineReading;
  /** Milliseconds on the harness's monotonic clock. */
  readonly arrivedMs: number;
}

/** One event, and when its line arrived. */
export interface Told<Event extends SubjectEvent = SubjectEvent> {
  readonly event: Event;
  readonly arrivedMs: number;
}

export type EventOf<Name extends EventName> = Extract<SubjectEvent, { event: Name }>;

export interface Transcript {
  /** The role it was started in; `null` without any. */
  readonly role: Role | null;
  /** The variables it was started with, beside those of the harness. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startedMs: number;
  readonly lines: readonly Line[];
  /** It printed more than was taken. */
  readonly flooded: boolean;
  /** The end of its standard error. */
  readonly log: string;
  readonly exit: { readonly status: number | null; readonly signal: string | null } | null;
  readonly exitedMs: number | null;
  readonly inputEndedMs: number | null;
  /** It did not end by itself in time and was killed. */
  readonly overdue: boolean;
  /** How late the harness itself was woken up at worst while it ran, in ms. */
  readonly stalledMs: number;
}

/** The line a subject answers what it does not support. CONTRACT, Input: exactly this. */
export const UNSUPPORTED_LINE = '{"event":"unsupported"}';

/** Its events, in the order printed. */
export function eventsOf(transcript: Transcript): Told[] {
  return transcript.lines.flatMap(({ reading, arrivedMs }) =>
    reading.ok ? [{ event: reading.event, arrivedMs }] : [],
  );
}

/** Its events of one kind. */
export function allOf<Name extends EventName>(transcript: Transcript, name: Name): Told<EventOf<Name>>[] {
  return eventsOf(transcript).filter((told): told is Told<EventOf<Name>> => told.event.event === name);
}

/** Its events on one connection. */
export function onConnection(transcript: Transcript, conn: number): Told[] {
  return eventsOf(transcript).filter(({ event }) => 'conn' in event && event.conn === conn);
}

/** The subject said that it does not support what it was asked, as the contract has it. */
export function isUnsupported(transcript: Transcript): boolean {
  return transcript.exit?.status === EXIT_UNSUPPORTED && transcript.lines[0]?.text === UNSUPPORTED_LINE;
}

/** Milliseconds between two events: by the subject's clock where it has one that can be used, else by arrival. */
export function betweenMs(from: Told, to: Told): number {
  const { at: fromAt } = from.event;
  const { at: toAt } = to.event;
  const told = fromAt !== undefined && toAt !== undefined && toAt >= fromAt;
  return told ? (toAt - fromAt) / 1000 : to.arrivedMs - from.arrivedMs;
}

/** Milliseconds from the last event of a kind before `to`, to it; infinite where there is none. */
export function sinceMs(transcript: Transcript, name: EventName, to: Told): number {
  const from = eventsOf(transcript)
    .slice(
      0,
      eventsOf(transcript).findIndex(({ event }) => event === to.event),
    )
    .findLast(({ event }) => event.event === name);
  return from === undefined ? Infinity : betweenMs(from, to);
}

/** The events as a short sentence. */
export function summary(transcript: Transcript): string {
  const names = eventsOf(transcript).map(({ event }) =>
    event.event === 'failed' ? `failed ${event.code}` : event.event,
  );
  const shown = names.length > 14 ? [...names.slice(0, 7), '…', ...names.slice(-6)] : names;
  return names.length === 0 ? 'it printed no event' : `it printed ${shown.join(', ')}`;
}

/** How the process ended, as a clause of a sentence. */
export function ending(transcript: Transcript): string {
  if (transcript.overdue) return 'it did not end and was killed';
  const { exit } = transcript;
  if (exit === null) return 'it is still running';
  const how = exit.signal === null ? `exited with status ${exit.status}` : `was ended by ${exit.signal}`;
  const log = transcript.log.trim().split('\n').at(-1) ?? '';
  return `it ${how}${exit.status !== 0 && log !== '' ? `; its standard error ends "${log}"` : ''}`;
}
