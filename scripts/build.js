// Builds dist/, which is what the package holds. Arguments go to `tsc -b`, such as `--force`.

const { spawnSync } = require("node:child_process");
const { chmodSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const tsc = require.resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-b", root, ...process.argv.slice(2)], {
  stdio: "inherit",
});
// The compiler writes plain files; this one is a command.
if (status === 0) chmodSync(join(root, "dist", "cli", "bin.js"), 0o755);
process.exitCode = status ?? 1;
