/**
 * Hand-written histories for the judge's tests: an attempt told step by step, in the order of its sentences.
 *
 * Owns the telling only. A story begins with a server that listens and a proxy that reports; every step takes a
 * millisecond unless it says otherwise, and whatever is not told did not happen.
 */
import { echoOf, payload, payloadKey, sha256 } from '../contract/payload.ts';
import { wireBytes } from '../contract/framing.ts';
import type { SubjectEvent } from '../contract/event.ts';
import type { FailureCode, Operation, Role } from '../contract/words.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Plan } from '../evidence/plan.ts';
import type { Receipt } from '../evidence/receipt.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import type { Direction } from '../scenario/fault.ts';
import { attemptOf } from './attempt.ts';
import type { Finding, Invariant } from './finding.ts';
import { planOf } from './history-plan.ts';
import type { Setting } from './history-plan.ts';

type Without<T, Keys extends string> = T extends unknown ? Omit<T, Keys> : never;
type ToldEvent = Without<SubjectEvent, 'at'>;
type ToldWire = Without<WireEvent, 'seq' | 'atMs'>;
type ToldRecord = Without<EvidenceRecord, 'atMs'>;

/** Where CLOCK_MONOTONIC stood when the attempt began, in microseconds. */
const ORIGIN_MICROS = 5_000_000_000;

const CLIENT_PORT = 40_000;
const PROXY_PORT = 50_000;

export class History {
  readonly plan: Plan;
  readonly records: EvidenceRecord[] = [];
  readonly wire: WireEvent[] = [];
  readonly receipts: Receipt[] = [];
  readonly damage: string[] = [];
  nowMs = 0;
  readonly #offsets = new Map<string, number>();

  constructor(setting: Setting) {
    this.plan = planOf(setting);
    this.record({ kind: 'origin', monotonicMicros: ORIGIN_MICROS });
    this.proxy({ kind: 'listening' });
    this.record({ kind: 'spawned', role: 'server', pid: 11, command: ['server'] });
    this.server({ event: 'listening', port: 7000 });
    this.record({ kind: 'spawned', role: 'client', pid: 12, command: ['client'] });
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  record(record: ToldRecord): this {
    this.nowMs += 1;
    if (record.kind === 'finished') this.#proxyEnds();
    this.records.push({ ...record, atMs: this.nowMs });
    return this;
  }

  /** Before an attempt is over its proxy lets go of all it has and stops, and each fault has a receipt, be it of nothing. */
  #proxyEnds(): void {
    const closed = this.wire.flatMap((told) => (told.kind === 'closed' ? [told.conn] : []));
    const open = this.wire.flatMap((told) =>
      told.kind === 'accepted' && !closed.includes(told.conn) ? [told.conn] : [],
    );
    for (const conn of open) this.proxy({ kind: 'closed', conn });
    this.proxy({ kind: 'stopped' });
    for (const { id } of this.plan.faults) this.delivers(id, { delivered: null });
  }

  /** One line of a subject, stamped with the same clock. */
  tells(role: Role, event: ToldEvent): this {
    this.nowMs += 1;
    const at = ORIGIN_MICROS + this.nowMs * 1000;
    this.records.push({ kind: 'event', atMs: this.nowMs, role, event: { ...event, at } as SubjectEvent });
    return this;
  }

  client(event: ToldEvent): this {
    return this.tells('client', event);
  }

  server(event: ToldEvent): this {
    return this.tells('server', event);
  }

  proxy(event: ToldWire): this {
    if (this.plan.proxy === 'toxiproxy') return this;
    this.wire.push({ ...event, seq: this.wire.length, atMs: this.nowMs });
    return this;
  }

  /** Bytes pass the proxy. */
  passes(conn: number, direction: Direction, bytes: number): this {
    const name = `${conn}/${direction}`;
    const offset = this.#offsets.get(name) ?? 0;
    this.#offsets.set(name, offset + bytes);
    const piece = { conn, direction, offset, bytes };
    return this.proxy({ kind: 'read', ...piece }).proxy({ kind: 'wrote', ...piece });
  }

  /** Bytes that have passed the proxy in a direction. */
  passed(conn: number, direction: Direction): number {
    return this.#offsets.get(`${conn}/${direction}`) ?? 0;
  }

  /** A connection comes to be, told by all three. */
  connects(conn = 1, key = conn): this {
    return this.client({ event: 'connecting', conn, key })
      .proxy({ kind: 'accepted', conn, clientPort: CLIENT_PORT + conn })
      .proxy({ kind: 'dialed', conn, localPort: PROXY_PORT + conn })
      .client({ event: 'connected', conn, localPort: CLIENT_PORT + conn })
      .server({ event: 'accepted', conn, peerPort: PROXY_PORT + conn });
  }

  /** What a message says of itself. */
  message(key: number | 'server', seq: number, form: 'original' | 'echo' = 'original') {
    const framing = this.plan.workload === 'upload' ? 'until-end' : this.plan.params.framing;
    const shape = { ...this.plan.params, framing } as const;
    const bytes = payload(shape, payloadKey(this.plan.params.seed, key), seq);
    const own = form === 'echo' ? echoOf(bytes) : bytes;
    return { seq, bytes: own.length, sha256: sha256(own), wire: wireBytes(shape, seq) };
  }

  /** The client sends a message and the proxy hands it on; the server has yet to say that it came. */
  clientSends(conn: number, seq: number, key = conn): this {
    const { wire, ...message } = this.message(key, seq);
    return this.client({ event: 'sending', conn, ...message })
      .client({ event: 'sent', conn, seq })
      .passes(conn, 'upstream', wire);
  }

  serverReceives(conn: number, seq: number, key = conn): this {
    const { wire: _, ...message } = this.message(key, seq);
    return this.server({ event: 'received', conn, ...message });
  }

  serverEchoes(conn: number, seq: number, key = conn): this {
    const { wire, ...message } = this.message(key, seq, 'echo');
    return this.server({ event: 'sending', conn, ...message })
      .server({ event: 'sent', conn, seq })
      .passes(conn, 'downstream', wire);
  }

  clientReceives(conn: number, seq: number, key = conn): this {
    const { wire: _, ...message } = this.message(key, seq, 'echo');
    return this.client({ event: 'received', conn, ...message });
  }

  /** One message and its echo, all the way. */
  exchanges(conn: number, seq: number, key = conn): this {
    return this.clientSends(conn, seq, key)
      .serverReceives(conn, seq, key)
      .serverEchoes(conn, seq, key)
      .clientReceives(conn, seq, key);
  }

  /** The client's FIN passes the proxy. */
  clientShutsDown(conn = 1): this {
    return this.client({ event: 'shutdown', conn }).ends(conn, 'upstream');
  }

  /** A sender's FIN passes the proxy. */
  ends(conn: number, direction: Direction): this {
    const offset = this.passed(conn, direction);
    return this.proxy({ kind: 'fin-read', conn, direction, offset }).proxy({
      kind: 'fin-wrote',
      conn,
      direction,
      offset,
    });
  }

  /** The proxy ends or resets a direction by itself. */
  cuts(conn: number, direction: Direction, by: 'fin' | 'rst', fault = 'f1'): this {
    const offset = this.passed(conn, direction);
    return this.bites(conn, fault, direction).proxy({
      kind: by === 'fin' ? 'fin-wrote' : 'rst-wrote',
      conn,
      direction,
      offset,
    });
  }

  /** The orderly end of an exchange in which the client shuts down first. */
  endsInOrder(conn = 1): this {
    return this.clientShutsDown(conn)
      .server({ event: 'eof', conn })
      .server({ event: 'closed', conn })
      .ends(conn, 'downstream')
      .client({ event: 'eof', conn })
      .client({ event: 'closed', conn });
  }

  /** A failure and the close that follows it. */
  fails(role: Role, op: Operation, code: FailureCode, conn = 1): this {
    return this.tells(role, { event: 'failed', conn, op, code, message: '' }).tells(role, { event: 'closed', conn });
  }

  /** A fault of the plan bites: its first effect on a connection, and its receipt. */
  bites(conn: number, fault = 'f1', direction: Direction = 'downstream', effect = 'cut'): this {
    const planned = this.plan.faults.find((candidate) => candidate.id === fault);
    this.proxy({
      kind: 'effect',
      conn,
      toxic: fault,
      type: planned?.kind ?? 'fin',
      direction,
      effect,
      offset: this.passed(conn, direction),
    });
    return this.delivers(fault);
  }

  /** A fault is proved by its receipt. */
  delivers(fault = 'f1', how: Partial<Receipt> = {}): this {
    if (this.receipts.some((receipt) => receipt.fault === fault)) return this;
    const atMs = this.nowMs;
    const planned = this.plan.faults.find((candidate) => candidate.id === fault);
    const liftMs = planned?.forMs === undefined ? null : atMs + planned.forMs;
    this.receipts.push({
      fault,
      kind: planned?.kind ?? 'fin',
      asked: { atMs: 1, request: 'asked' },
      acknowledged: { atMs: 2, answer: 'installed' },
      delivered: { earliestMs: atMs, latestMs: atMs, count: 1, grade: 'self', proof: 'told so' },
      lifted: liftMs === null ? null : { askedAtMs: liftMs, acknowledgedAtMs: liftMs },
      error: null,
      ...how,
    });
    return this;
  }

  /** The harness ends both inputs, both exit well unless they have exited before, and the attempt is over. */
  evidence(): Evidence {
    if (this.plan.workload !== 'connect' || this.records.length > 4) this.client({ event: 'done' });
    this.inputEnds();
    for (const role of ['client', 'server'] as const) {
      if (!this.records.some((record) => record.kind === 'exited' && record.role === role)) this.exits(role);
    }
    return this.record({ kind: 'finished' }).asItIs();
  }

  inputEnds(): this {
    return this.record({ kind: 'input-ended', role: 'client' }).record({ kind: 'input-ended', role: 'server' });
  }

  exits(role: Role, status: number | null = 0, signal: string | null = null): this {
    return this.record({ kind: 'exited', role, status, signal });
  }

  /** What has been told, with no end added. */
  asItIs(): Evidence {
    const { plan, records, wire, receipts, damage } = this;
    return { plan, records, wire, receipts, damage };
  }
}

export function history(setting: Setting = {}): History {
  return new History(setting);
}

/** A whole exchange in which nothing goes wrong. */
export function cleanExchange(setting: Setting = {}): History {
  const story = history(setting).connects();
  for (let seq = 0; seq < story.plan.params.messages; seq += 1) story.exchanges(1, seq);
  return story.endsInOrder();
}

/** What one invariant finds in a story. */
export function found(invariant: Invariant, evidence: Evidence): Finding[] {
  return invariant.examine(attemptOf(evidence));
}

/** The outcomes of those findings, and what the first one says. */
export function outcome(findings: readonly Finding[]): { outcomes: string[]; actual: string; expected: string } {
  return {
    outcomes: findings.map((finding) => finding.outcome),
    actual: findings[0]?.actual ?? '',
    expected: findings[0]?.expected ?? '',
  };
}
