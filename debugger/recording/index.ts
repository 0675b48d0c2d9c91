// Recordings of runs: how they are made, read and played.

export { describeStop } from "./describe";
export { VERSION, type Header } from "./format";
export { chooseNext } from "./choose";
export { Player, type PlayerOptions } from "./player";
export { BadRecording, parseRecording, type Recording } from "./reader";
export { Recorder } from "./recorder";
export { encode, type Coded } from "./values";
