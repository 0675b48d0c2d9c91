// One measurement of one row for one peer, in a process of its own, so that none spoils another's
// heap or inline caches. Usage: node child.js ROW PEER. Sends its parent the samples by key; a
// plain list has the key "value".

const { sized } = require("./smoke");
const { tables } = require("./tables");
const workloads = {
  ...require("./workloads/cpu"),
  ...require("./workloads/debugger"),
  ...require("./workloads/echo"),
  ...require("./workloads/memory"),
  ...require("./workloads/timers"),
  ...require("./workloads/together"),
};

async function main([rowName, peerName]) {
  const { peers, rows } = tables.find(({ rows }) => rows.some(({ name }) => name === rowName));
  const row = rows.find(({ name }) => name === rowName);
  const { module } = peers.find(({ name }) => name === peerName);
  const options = sized({ ...row.options, ...row.fewer?.[peerName] });
  // Some workloads know the peers themselves.
  const byName = row.workload === "echo" || module === undefined;
  const subject = byName ? peerName : await import(`./${row.from ?? "peers"}/${module}`);
  const samples = await workloads[row.workload](subject, options);
  process.send(Array.isArray(samples) ? { value: samples } : samples, () => process.exit());
}

void main(process.argv.slice(2));
