// A folder for the files of one measurement.

const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

exports.inFolder = async (body) => {
  const folder = mkdtempSync(join(tmpdir(), "genix-bench-"));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
