// Recordings of runs: how they are made, read and played.

export { VERSION, type Header } from "./format";
export { chooseNext, Player, type Divergence } from "./player";
export { BadRecording, read, type Recording } from "./reader";
export { Recorder } from "./recorder";
