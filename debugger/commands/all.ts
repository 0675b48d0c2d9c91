// All commands there are, in the order in which help lists them.

import { acts } from "./acts";
import { backwards } from "./back";
import { breaks } from "./breaks";
import type { Section } from "./command";
import { looks } from "./looks";
import { more } from "./more";
import { moves } from "./moves";
import { values } from "./values";

export const sections: readonly Section[] = [moves, backwards, breaks, looks, values, acts, more];
