/**
 * Which event may follow which: a table of states for each connection, and the counts that go with it.
 *
 * Owns the legality of one role's events; whether they are the right ones is judged by the clauses. Pure.
 */
import type { EventName, SubjectEvent } from '../contract/event.ts';
import type { Role, Workload } from '../contract/words.ts';

/** How far a connection is, by what was said of it. */
type State = 'new' | 'opening' | 'open' | 'failed' | 'closed';

type Steps = Partial<Record<EventName, State>>;

const WHILE_OPEN: Steps = {
  sending: 'open',
  sent: 'open',
  received: 'open',
  heard: 'open',
  read: 'open',
  wrote: 'open',
  shutdown: 'open',
  eof: 'open',
  failed: 'failed',
  closed: 'closed',
};

const STEPS: Readonly<Record<Role, Readonly<Record<State, Steps>>>> = {
  client: {
    new: { connecting: 'opening' },
    opening: { connected: 'open', failed: 'failed', closed: 'closed' },
    open: WHILE_OPEN,
    failed: { closed: 'closed' },
    closed: {},
  },
  server: {
    new: { accepted: 'open' },
    opening: {},
    open: WHILE_OPEN,
    failed: { closed: 'closed' },
    closed: {},
  },
};

/** What is no longer possible once a direction has ended. */
const AFTER_SHUTDOWN: ReadonlySet<EventName> = new Set(['sending', 'sent', 'wrote', 'shutdown']);
const AFTER_EOF: ReadonlySet<EventName> = new Set(['received', 'heard', 'read', 'eof']);

/** What a breach is about: each kind is a clause of its own. */
export type BreachKind = 'order' | 'failures' | 'numbers';

export interface Breach {
  readonly kind: BreachKind;
  readonly expected: string;
  readonly actual: string;
}

class Connection {
  readonly #role: Role;
  /** A message that is sent again keeps its number only in `reconnect`, at the client. */
  readonly #keepsSeq: boolean;
  readonly #conn: number;
  #state: State = 'new';
  #last: EventName | 'nothing' = 'nothing';
  #shut = false;
  #eof = false;
  #sendingSeq: number | null = null;
  #nextSending: number | null = null;
  #nextReceived = 0;

  constructor(role: Role, workload: Workload | null, conn: number) {
    this.#role = role;
    this.#keepsSeq = role === 'client' && workload === 'reconnect';
    this.#conn = conn;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Takes the next event into account and says what is wrong with its coming here. */
  take(event: SubjectEvent): Breach | null {
    const next = STEPS[this.#role][this.#state][event.event];
    const breach = next === undefined ? this.#illegal(event) : (this.#afterEnd(event) ?? this.#count(event));
    this.#state = next ?? this.#state;
    this.#last = event.event;
    if (event.event === 'shutdown') this.#shut = true;
    if (event.event === 'eof') this.#eof = true;
    return breach;
  }

  #illegal(event: SubjectEvent): Breach {
    const allowed = Object.keys(STEPS[this.#role][this.#state]).join(', ') || 'nothing more';
    const second = event.event === 'failed' && (this.#state === 'failed' || this.#state === 'closed');
    return this.#breach(
      second || this.#state === 'failed' ? 'failures' : 'order',
      second ? 'at most one "failed", for the first reason, then "closed"' : `after "${this.#last}" only: ${allowed}`,
      event,
    );
  }

  #afterEnd(event: SubjectEvent): Breach | null {
    if (this.#shut && AFTER_SHUTDOWN.has(event.event)) {
      return this.#breach('order', `no "${event.event}" after "shutdown"`, event);
    }
    if (!this.#eof) return null;
    if (AFTER_EOF.has(event.event)) return this.#breach('order', `no "${event.event}" after "eof"`, event);
    if (event.event !== 'failed' || event.code !== 'closed') return null;
    return this.#breach('failures', 'an end at a boundary told once, as "eof" or as "failed" with closed', event);
  }

  /** Messages are counted from 0, and one is handed over at a time. */
  #count(event: SubjectEvent): Breach | null {
    if (event.event === 'sending') {
      const due = this.#nextSending ?? (this.#keepsSeq ? event.seq : 0);
      const unfinished = this.#sendingSeq;
      this.#sendingSeq = event.seq;
      this.#nextSending = event.seq + 1;
      if (unfinished !== null) return this.#breach('order', `"sent" of message ${unfinished} first`, event);
      return event.seq === due ? null : this.#breach('numbers', `"sending" of seq ${due} next`, event);
    }
    if (event.event === 'sent') {
      const due = this.#sendingSeq;
      this.#sendingSeq = null;
      return event.seq === due ? null : this.#breach('order', `"sent" right for the "sending" before it`, event);
    }
    if (event.event === 'received') {
      const due = this.#nextReceived;
      this.#nextReceived = event.seq + 1;
      return event.seq === due ? null : this.#breach('numbers', `"received" of seq ${due} next`, event);
    }
    return null;
  }

  #breach(kind: BreachKind, expected: string, event: SubjectEvent): Breach {
    return { kind, expected: `on connection ${this.#conn} ${expected}`, actual: `it printed ${JSON.stringify(event)}` };
  }
}

/**
 * What is wrong with the order of one process's events, in the order of printing.
 *
 * @param ended whether the process has ended by itself, so that nothing may be left open
 */
export function orderBreaches(
  role: Role,
  workload: Workload | null,
  events: readonly SubjectEvent[],
  ended: boolean,
): Breach[] {
  const connections = new Map<number, Connection>();
  const breaches: Breach[] = [];
  let done = false;
  for (const event of events) {
    if (done)
      breaches.push({ kind: 'order', expected: 'nothing after "done"', actual: `it printed ${JSON.stringify(event)}` });
    const breach = 'conn' in event && event.conn !== undefined ? takeOn(event.conn, event) : processBreach(role, event);
    if (breach !== null) breaches.push(breach);
    if (event.event === 'done') done = true;
    if (event.event === 'done') breaches.push(...unclosed('before "done"'));
  }
  if (ended && !done) breaches.push(...unclosed('before the process ends'));
  return breaches;

  function takeOn(conn: number, event: SubjectEvent): Breach | null {
    const known = connections.get(conn);
    const connection = known ?? new Connection(role, workload, conn);
    connections.set(conn, connection);
    const wrongNumber = known === undefined && conn !== connections.size;
    const breach = connection.take(event);
    if (!wrongNumber) return breach;
    return {
      kind: 'numbers',
      expected: `connection ${connections.size} next, counted from 1`,
      actual: `it printed ${JSON.stringify(event)}`,
    };
  }

  function unclosed(when: string): Breach[] {
    return [...connections]
      .filter(([, connection]) => !connection.isClosed)
      .map(([conn]) => ({
        kind: 'order',
        expected: `"closed" of connection ${conn} ${when}`,
        actual: 'none was printed',
      }));
  }
}

/** Events that belong to no connection. */
function processBreach(role: Role, event: SubjectEvent): Breach | null {
  const legal = role === 'client' ? event.event === 'done' : event.event === 'listening' || event.event === 'failed';
  if (legal || event.event === 'unsupported') return null;
  return {
    kind: 'order',
    expected: role === 'client' ? 'of a client, besides connections, "done" only' : 'of a server no such event',
    actual: `it printed ${JSON.stringify(event)}`,
  };
}
