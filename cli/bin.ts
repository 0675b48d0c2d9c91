#!/usr/bin/env node
// What runs when somebody types `genix`.

import "./source-maps";
import { leave, watchOutput } from "./leave";
import { main } from "./main";

watchOutput();
void main(process.argv.slice(2)).then(leave);
