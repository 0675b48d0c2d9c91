// Lets Node show the lines of TypeScript, in stacks and to whoever asks. It must be told before it
// loads a module whose lines matter, so this is the first import of all.

process.setSourceMapsEnabled(true);
