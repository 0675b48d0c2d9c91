// User mode: what is written with system calls alone.

export { describeCrash, describeExit } from "./report";
export { serve } from "./serve";
export { Socket } from "./socket";
