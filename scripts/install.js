// Installs the packages if any is missing; else does nothing, so that it needs no network then.

const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const { dependencies, devDependencies } = require("../package.json");
const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
  (name) => !existsSync(join(root, "node_modules", name, "package.json")),
);

if (missing.length > 0) {
  console.log(`Installing what is missing: ${missing.join(", ")}`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status, error } = spawnSync(
    npm,
    ["install", "--no-save", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: root, stdio: "inherit", shell: process.platform === "win32" },
  );
  if (status !== 0) {
    console.error(
      `The installation failed${error ? `: ${error.message}` : ""}. See npm's message above.`,
    );
    process.exit(1);
  }
}
