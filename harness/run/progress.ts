/**
 * Follows an attempt by its records, so that its steps can wait for events instead of for time.
 *
 * Owns the counting of connections and the waiting; it changes nothing.
 */
import type { EventName, SubjectEvent } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import type { EvidenceRecord } from '../evidence/record.ts';

interface RoleProgress {
  listeningPort: number | null;
  finished: boolean;
  exited: boolean;
  readonly counts: Map<EventName, number>;
}

const fresh = (): RoleProgress => ({ listeningPort: null, finished: false, exited: false, counts: new Map() });

export class Progress {
  readonly #roles: Record<Role, RoleProgress> = { server: fresh(), client: fresh() };
  readonly #checks = new Set<() => void>();

  /** Takes one record into account. */
  note(record: EvidenceRecord): void {
    if (record.kind === 'event') this.#noteEvent(record.role, record.event);
    if (record.kind === 'exited' || record.kind === 'unstartable') {
      this.#roles[record.role].exited = true;
      this.#roles[record.role].finished = true;
    }
    for (const check of this.#checks) check();
  }

  #noteEvent(role: Role, event: SubjectEvent): void {
    const progress = this.#roles[role];
    progress.counts.set(event.event, this.count(role, event.event) + 1);
    if (event.event === 'listening') progress.listeningPort ??= event.port;
    if (event.event === 'done') progress.finished = true;
  }

  count(role: Role, name: EventName): number {
    return this.#roles[role].counts.get(name) ?? 0;
  }

  listeningPort(): number | null {
    return this.#roles.server.listeningPort;
  }

  exited(role: Role): boolean {
    return this.#roles[role].exited;
  }

  /** The client said `done`, or is gone. */
  clientFinished(): boolean {
    return this.#roles.client.finished;
  }

  /**
   * Every connection the server accepted is closed again, and it accepted as many as came to it.
   *
   * @param arrivals connections known to have reached the server
   */
  serverSettled(arrivals: number): boolean {
    if (this.exited('server')) return true;
    const accepted = this.count('server', 'accepted');
    return accepted >= arrivals && this.count('server', 'closed') >= accepted;
  }

  /** Looks again at every condition: something other than a record has changed. */
  recheck(): void {
    for (const check of this.#checks) check();
  }

  /**
   * Waits for a condition on this progress.
   *
   * @param limitMs how long at most
   * @throws the signal's reason when aborted
   */
  until(condition: () => boolean, limitMs: number, signal: AbortSignal): Promise<'met' | 'overdue'> {
    signal.throwIfAborted();
    if (condition()) return Promise.resolve('met');
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#checks.delete(check);
        signal.removeEventListener('abort', abort);
        settle();
      };
      const check = (): void => {
        if (condition()) finish(() => resolve('met'));
      };
      const abort = (): void => finish(() => reject(signal.reason as Error));
      const timer = setTimeout(() => finish(() => resolve('overdue')), limitMs);
      this.#checks.add(check);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
