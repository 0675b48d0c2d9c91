// `genix dap`: the debug adapter for editors, at the standard streams or at a port. What it serves
// is loaded only then, so that no other command waits for it.

import { createRequire } from "node:module";
import type { Command } from "commander";
import { wholeFrom } from "./arguments";
import type * as Serve from "./dap/serve";

const portNumber = wholeFrom(0, 65_535);

const HELP = `
Editors start it themselves and speak to it by its standard streams; docs/editors.md tells how.
With --port it serves one client after the other, until Ctrl-C. Only this host can connect.`;

export function addDap(genix: Command, finish: (code: number) => void): void {
  genix
    .command("dap")
    .description("debug programs from an editor, by the Debug Adapter Protocol")
    .option("--port <n>", "listen on this port of 127.0.0.1; 0 = on any that is free", portNumber)
    .addHelpText("after", HELP)
    .action(async (options: { readonly port?: number }) => {
      const { serve } = createRequire(__filename)("./dap/serve") as typeof Serve;
      await serve(options.port);
      finish(0);
    });
}
