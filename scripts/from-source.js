// Lets Node load this repository's TypeScript as it is. For what runs from a clone, which need not
// be built. What was compiled once is kept, as to compile all of it takes two seconds.

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "genix");
const versions = ["ts-node", "typescript"].map((name) => require(`${name}/package.json`).version);

// Node maps the lines of all modules alike; ts-node would map only those that it compiled itself.
process.setSourceMapsEnabled(true);

let service;

function compile(file, text) {
  const { prepareStackTrace } = Error;
  const options = { transpileOnly: true, project: join(root, "tsconfig.json") };
  service ??= require("ts-node").create(options);
  Error.prepareStackTrace = prepareStackTrace;
  return service.compile(text, file);
}

/** Whole or not at all, for others may be reading. */
function keep(kept, code) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, code);
    renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    // Without it the next process takes longer.
  }
}

function compiled(file) {
  const text = readFileSync(file, "utf8");
  const key = createHash("sha256")
    .update([...versions, file, text].join("\n"))
    .digest("hex");
  const kept = join(cache, `${key}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const code = compile(file, text);
    keep(kept, code);
    return code;
  }
}

require.extensions[".ts"] = (module, file) => module._compile(compiled(file), file);
