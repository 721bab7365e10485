/** Server-sent events out of the body of an answer, as they come. */

/** @typedef {{name: string, data: any}} ServerEvent  its data read as JSON */

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @returns {AsyncGenerator<ServerEvent>} */
export async function* eventsOf(body) {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    yield* blocks.map(eventOf).filter((event) => event !== null);
  }
}

/**
 * One event, or null for a comment, which only keeps the connection open.
 * @param {string} block @returns {ServerEvent | null}
 */
function eventOf(block) {
  const lines = block.split(/\r?\n/).map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  const of = (/** @type {string} */ field) => lines.filter(([, name]) => name === field).map(([, , value]) => value);
  const data = of("data").join("\n");
  return data === "" ? null : { name: of("event")[0] ?? "message", data: JSON.parse(data) };
}
