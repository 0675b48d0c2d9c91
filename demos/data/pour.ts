// A source for demos that were given no file: a task that pours text into a pipe, in chunks that
// respect neither lines nor characters, as chunks do.

import { encode, pipe, spawn, SystemError, write, type Fd, type Program } from "../../syscalls";

/** Start pouring `text`; returns the end of the pipe to read from, which the caller owns. */
export function* pour(text: string, chunkSize = 100): Program<Fd> {
  const [reader, writer] = yield* pipe();
  yield* spawn(pouring(text, chunkSize, writer), { name: "source", give: [writer] });
  return reader;
}

function* pouring(text: string, chunkSize: number, writer: Fd): Program<void> {
  const bytes = encode(text);
  try {
    for (let at = 0; at < bytes.length; at += chunkSize) {
      yield* write(writer, bytes.subarray(at, at + chunkSize));
    }
  } catch (error) {
    // The reader had enough; that is how a source in a pipeline is told.
    if (!(error instanceof SystemError && error.errno === "EPIPE")) throw error;
  }
}
