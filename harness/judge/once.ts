/**
 * Once: nothing is delivered twice unless the workload sends it again, and nothing is sent again that was answered.
 *
 * Owns what only all connections together show; a message doubled on one connection is integrity's.
 */
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, notChecked, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { counted, inMs, named } from './wording.ts';

export const once: Invariant = {
  name: 'once',
  statement:
    'Nothing is delivered twice unless the workload sends it again, and nothing is sent again that was answered.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const clients = placesOfRole(attempt, 'client');
  const servers = placesOfRole(attempt, 'server');
  const breaches = [...deliveredTwice(attempt, servers, clients), ...sentAgain(attempt, clients)];
  if (breaches.length > 0) return breaches;
  const sent = clients.reduce((sum, { side }) => sum + side.sending.length, 0);
  const received = servers.reduce((sum, { side }) => sum + side.received.length, 0);
  const order = sent > 0 && resends(attempt) ? [inOrder(sent)] : [];
  return [notTwice(sent, received), ...order];
}

/** It takes both sides' word to tell that nothing came twice. */
function notTwice(sent: number, received: number): Finding {
  const expected = 'no message is received more often than it was sent';
  if (sent > 0 && received > 0) return passed({ expected, actual: `none of ${counted(sent, 'message')} was` });
  if (sent > 0) return notChecked(expected, `nobody tells of having received any of ${counted(sent, 'message')}`);
  if (received > 0)
    return notChecked(expected, `nobody tells of having sent the ${counted(received, 'message')} received`);
  return notChecked(expected, 'no message was sent');
}

function inOrder(sent: number): Finding {
  return passed({
    expected: 'a client sends the first message not yet answered, and then the next',
    actual: `it did, ${counted(sent, 'time')}`,
  });
}

/** `2/5`: message 5 of the client's connection 2. */
type Name = `${number}/${number}`;

/** Messages that servers received more often than clients told of beginning to send them. */
function deliveredTwice(attempt: Attempt, servers: readonly Place[], clients: readonly Place[]): Finding[] {
  const sendings = new Map<Name, number>();
  for (const { side } of clients) {
    for (const { event } of side.sending) add(sendings, `${side.key ?? 0}/${event.seq}`);
  }
  const receptions = new Map<Name, number>();
  const breaches: Finding[] = [];
  // Of a client that was killed the last line may be lost, which may have told of sending one message again.
  let oneIsUntold = resends(attempt) && attempt.client.killedMs !== null;
  for (const { side } of servers) {
    for (const { event, atMs } of side.received) {
      const found = attempt.ledger.recognise(event.sha256);
      if (found === null || found.form !== 'original' || found.origin === 'server') continue;
      const name: Name = `${found.origin}/${found.seq}`;
      const often = sendings.get(name) ?? 0;
      const came = add(receptions, name);
      if (came <= often || often === 0) continue;
      const expected = `message ${found.seq} of connection ${found.origin}, sent ${counted(often, 'time')}, is received at most as often`;
      const actual = `${named(side)} received it once more at ${inMs(atMs)}`;
      const isUntold: boolean = oneIsUntold && came === often + 1;
      oneIsUntold &&= !isUntold;
      breaches.push(
        isUntold
          ? notChecked(expected, `${actual}, and the client was killed: it may have sent it again and not told of it`)
          : broken({ expected, actual, atMs }),
      );
    }
  }
  return breaches;
}

function resends({ plan }: Attempt): boolean {
  return plan.workload === 'reconnect';
}

/** `reconnect`: a client sends the first message not yet answered, then the next; none that was answered, and it skips none. */
function sentAgain(attempt: Attempt, clients: readonly Place[]): Finding[] {
  if (!resends(attempt)) return [];
  return clients.flatMap(({ side }) => {
    const before = attempt.answeredBefore.get(side) ?? 0;
    const index = side.sending.findIndex(({ event }, at) => event.seq !== before + at);
    const wrong = side.sending[index];
    if (wrong === undefined) return [];
    const { seq } = wrong.event;
    const due = before + index;
    return [
      broken({
        expected: `${named(side)} goes on with message ${due}, ${index === 0 ? 'the first not yet answered' : 'the next one'}`,
        actual: `at ${inMs(wrong.atMs)} it sent message ${seq}${seq < before ? ', whose answer it has' : ''}`,
        atMs: wrong.atMs,
      }),
    ];
  });
}

function add(counts: Map<Name, number>, name: Name): number {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  return count;
}
