// Reads a Chrome trace with the engine of the performance panel of Chrome's DevTools, which is an
// ES module and so is run in a process of its own. Prints what it found, as JSON.

// The engine expects a browser.
globalThis.DOMRect ??= class DOMRect {};

async function main(file) {
  const { readFileSync } = require("node:fs");
  const { Handlers, Processor } = await import("@paulirish/trace_engine");
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8"));
  const processor = Processor.TraceProcessor.createWithAllHandlers();
  await processor.parse(traceEvents, {});
  const { data } = processor;
  const threads = Handlers.Threads.threadsInTrace(data).map(({ tid, name, entries, tree }) => {
    return { tid, name, entries: entries.length, depth: tree.maxDepth };
  });
  const flows = data.Flows.flows.map((flow) =>
    flow.map(({ tid, ts, name }) => ({ tid, ts, name })),
  );
  console.log(JSON.stringify({ threads, flows }));
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
