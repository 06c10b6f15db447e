/**
 * Bug: told to end, it waits for its clients to leave by themselves.
 * Violates: CONTRACT, Input: connections that are between messages are closed.
 * Public case: nodejs/node#2642, closing a server never ended while a client kept its connection.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

let open = 0;
let told = false;
// The subject's own listeners come after this one; the end is kept from them while somebody is served.
const end = process.stdin.emit.bind(process.stdin);
process.stdin.emit = (event: string | symbol, ...rest: unknown[]): boolean => {
  if ((event === 'end' || event === 'close') && open > 0) {
    told = true;
    return true;
  }
  return end(event, ...rest);
};

await runSubject({
  ...CORRECT,
  alongside: (serving) => {
    open += 1;
    void serving.finally(() => {
      open -= 1;
      if (told && open === 0) end('end');
    });
    return undefined;
  },
});
