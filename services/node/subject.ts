/**
 * A contract subject: from the environment to the exit status.
 *
 * Owns which role is played; the pieces it is played with are an argument, so that a subject with a bug is this one
 * with a piece replaced.
 */
import { emitUnsupported } from './events.ts';
import { readTask } from './params.ts';
import { CORRECT, type Pieces } from './pieces.ts';
import { fired, stopsAt } from './stops.ts';

/** The contract's exit status for what a subject does not support. */
const UNSUPPORTED = 127;

/** Plays what the environment asks for and returns the exit status. */
async function play(pieces: Pieces): Promise<number> {
  if ((process.env['HALFOPEN_ROLE'] ?? '') === '') {
    await fired(stopsAt(process.stdin).stop);
    return 0;
  }
  const task = readTask(process.env);
  if (task === undefined || !pieces.speaks(task)) {
    emitUnsupported();
    return UNSUPPORTED;
  }
  const stops = stopsAt(process.stdin);
  // One role's code is loaded: the other's would only make the start slower.
  if (task.role === 'server') {
    const { serve } = await import('./server.ts');
    await serve(task, pieces, stops);
  } else {
    const { visit } = await import('./client.ts');
    await visit(task, pieces, stops);
  }
  return 0;
}

/** The whole program. */
export async function runSubject(pieces: Pieces = CORRECT): Promise<never> {
  process.exit(await play(pieces));
}
