// Lint: the layers, and what no reviewer should have to look for. Formatting is not its business
// but line length is.

const js = require("@eslint/js");
const { defineConfig } = require("eslint/config");
const tseslint = require("typescript-eslint");
require("./scripts/from-source");
const genix = require("./eslint/index.ts");

const layers = [
  ...["kernel", "syscalls", "tasks", "machine", "debugger", "page", "cli", "demos", "tests"],
  ...["bench", "boot", "system", "async-iterable", "jest", "eslint"],
];

/** How deep files lie in the folder of a layer, at the most. */
const DEEPEST = 3;

/** Files in `folder` may import these layers (and their own) and no others. */
function layer(folder, ...allowed) {
  const forbidden = layers.filter((name) => name !== folder && !allowed.includes(name));
  const seesNode = ["machine", "cli"].includes(folder);
  const inNode = { group: ["node:*"], message: `${folder}/ may not see Node` };
  // What leads out of the folder depends on how deep in it a file lies.
  return Array.from({ length: DEEPEST }, (_, depth) => {
    const out = "../".repeat(depth + 1);
    const patterns = forbidden.map((name) => ({
      group: [out + name, `${out}${name}/**`],
      message: `${folder}/ may not import ${name}/; see ARCHITECTURE.md, Layers`,
    }));
    if (!seesNode) patterns.push(inNode);
    return {
      files: [`${folder}/${"*/".repeat(depth)}*.ts`],
      rules: { "no-restricted-imports": ["error", { patterns }] },
    };
  });
}

const nodeGlobals = [
  ...["console", "process", "performance", "Buffer", "setTimeout", "setImmediate", "setInterval"],
  ...[
    "clearTimeout",
    "clearInterval",
    "queueMicrotask",
    "gc",
    "structuredClone",
    "URL",
    "AbortController",
    "__dirname",
  ],
];

module.exports = defineConfig(
  { ignores: ["dist/", "node_modules/", "bench/node_modules/", "**/*.snap"] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-len": [
        "error",
        {
          code: 100,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
        },
      ],
      "max-lines": ["error", { max: 250, skipBlankLines: false }],
      "max-lines-per-function": ["error", { max: 40, skipComments: true }],
      complexity: ["error", 14],
      eqeqeq: "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-console": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "off",
      // Programs throw what unwinds them, and a generator without a yield is a program too.
      "@typescript-eslint/only-throw-error": "off",
      "require-yield": "off",
    },
  },
  layer("kernel"),
  layer("syscalls", "kernel"),
  layer("tasks", "syscalls"),
  layer("demos", "tasks", "syscalls"),
  layer("machine", "kernel"),
  layer("debugger", "kernel"),
  layer("page", "debugger", "kernel"),
  layer("cli", "boot", "debugger", "machine", "syscalls", "kernel"),
  layer("eslint"),
  {
    ...genix.recommended,
    files: ["tasks/**/*.ts", "demos/**/*.ts", "tests/**/*.ts", "bench/peers/genix.js"],
    settings: {
      genix: {
        modules: [
          ...["../syscalls", "../tasks", "../boot", "../index", "../..", "../../syscalls"],
          ...["../../tasks", "../../boot", "../../index"],
        ],
      },
    },
  },
  { files: ["cli/**/*.ts", "demos/**/*.ts", "tests/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "max-lines": "off",
      "max-lines-per-function": "off",
      "max-len": "off",
      complexity: "off",
      // Tests do what they must not, on purpose.
      "no-unsafe-finally": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      sourceType: "commonjs",
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, "readonly"])),
    },
    rules: {
      "no-console": "off",
      "@typescript-eslint/no-require-imports": "off",
      "max-lines": "off",
    },
  },
);
