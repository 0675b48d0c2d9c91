// Tells VS Code how to start the debug adapter: the genix that is installed in the folder where the
// program runs.

const vscode = require("vscode");

exports.activate = (context) => {
  const factory = {
    createDebugAdapterDescriptor({ configuration, workspaceFolder }) {
      const cwd = configuration.cwd ?? workspaceFolder?.uri.fsPath;
      return new vscode.DebugAdapterExecutable("npx", ["--no-install", "genix", "dap"], { cwd });
    },
  };
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory("genix", factory));
};
