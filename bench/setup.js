// Makes the benchmark and the soak ready to run: installs what is missing, compiles what changed.

const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const { dependencies } = require("./package.json");

/**
 * With the `packages` of the peers, or without. Ends the process with code 1 when something does
 * not work.
 */
exports.setUp = ({ packages }) => {
  run(
    process.execPath,
    [join(root, "scripts", "install.js")],
    root,
    "The installation of genix's own packages",
  );
  const missing = Object.keys(packages ? dependencies : {}).filter(
    (name) => !existsSync(join(__dirname, "node_modules", name, "package.json")),
  );
  if (missing.length > 0) {
    console.log(`Installing the peers: ${missing.join(", ")}`);
    const npm = ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    run(
      process.platform === "win32" ? "npm.cmd" : "npm",
      npm,
      __dirname,
      "The installation of the peers",
    );
  }
  exports.build();
};

/** Compile what is stale: the compiler looks for that itself. */
exports.build = () => {
  run(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"],
    root,
    "The build",
  );
};

function run(command, args, cwd, what) {
  const shell = process.platform === "win32" && command.endsWith(".cmd");
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit", shell });
  if (status === 0) return;
  console.error(`${what} failed${error ? `: ${error.message}` : ""}. See the messages above.`);
  process.exit(1);
}
