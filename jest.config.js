/** Tests run from the sources; types are checked by `tsc -b`, so here they are only stripped. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  // Milliseconds until a test is taken to hang. No test may depend on the speed of the host.
  testTimeout: 300_000,
  // Much of the time goes to commands that are processes of their own. By default one core is left
  // over, which of two is half.
  maxWorkers: "100%",
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  transform: {
    "\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tests/tsconfig.json", diagnostics: false }],
  },
};
