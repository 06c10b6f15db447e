/**
 * Server-sent events, as far as the wire proxy uses them: one `data:` line of JSON an event.
 */

/** A line beyond this is no event of ours. */
const MOST_EVENT_CHARACTERS = 1024 * 1024;

/**
 * The JSON values of a stream of server-sent events, as they come. Not validated.
 *
 * @throws {Error} when a line is too long; what the stream itself throws
 */
export async function* parseEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_EVENT_CHARACTERS) throw new Error('the event stream has a line that is too long');
    for (const line of lines) if (line.startsWith('data:')) yield JSON.parse(line.slice('data:'.length)) as unknown;
  }
}
