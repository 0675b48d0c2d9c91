#!/usr/bin/env node
// What runs when somebody types `genix`.

import "./source-maps";
import { leave } from "./leave";
import { main } from "./main";

void main(process.argv.slice(2)).then(leave);
