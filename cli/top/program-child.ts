// The process of a program that `genix top` has started: genix, on a lifeline to it.

import { createRequire } from "node:module";
import { endWithOther } from "../debug/lifeline";

endWithOther();

// Not before: the program may keep this thread to itself from its first line on.
createRequire(__filename)("../bin");
