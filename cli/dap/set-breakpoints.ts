// The requests that set breakpoints, each of them all of a kind at once.

import { resolve } from "node:path";
import type { Point } from "../../debugger/world";
import { yieldsIn } from "../debug/breakpoints";
import type { Breakpoints, Kind, Wanted } from "./breakpoints";
import type { Client, Commands } from "./client";
import { Fields, Refusal } from "./fields";
import { passes, pointNamed, pointOfFilter } from "./points";

/** `between` does something while the session stands. */
export function breakpointCommands(
  breakpoints: Breakpoints,
  client: Client,
  between: <T>(action: () => Promise<T>) => Promise<T>,
): Commands {
  const set = async (
    group: string,
    kind: Kind,
    wanted: readonly Fields[],
    pointOf: (each: Fields) => Point,
  ): Promise<object> => {
    const readers = wanted.map((each) => () => read(kind, each, pointOf(each)));
    return { breakpoints: await between(() => breakpoints.replace(group, readers)) };
  };
  return {
    setBreakpoints: (fields) => {
      const file = resolve(fields.inside("source").text("path"));
      return set(file, "breakpoint", fields.each("breakpoints"), (each) => {
        return { on: "line", file, line: each.count("line") - client.lineOffset };
      });
    },
    breakpointLocations: (fields) => locationsIn(fields, client),
    setFunctionBreakpoints: (fields) =>
      set("function", "function breakpoint", fields.each("breakpoints"), (each) =>
        pointNamed(each.text("name")),
      ),
    setExceptionBreakpoints: (fields) => {
      const plain = fields.texts("filters").map((filterId) => new Fields({ filterId }));
      return set("exception", "exception", [...plain, ...fields.each("filterOptions")], (each) =>
        pointOfFilter(each.text("filterId")),
      );
    },
    setDataBreakpoints: (fields) =>
      set("data", "data breakpoint", fields.each("breakpoints"), (each) =>
        changeIn(each.text("dataId")),
      ),
  };
}

/** The lines of a file in which a task can stand. */
function locationsIn(fields: Fields, { lineOffset }: Client): object {
  const file = resolve(fields.inside("source").text("path"));
  const first = fields.count("line") - lineOffset;
  const last = fields.count("endLine", fields.count("line")) - lineOffset;
  const lines = new Set(yieldsIn(file).map(({ line }) => line));
  const inside = [...lines].filter((line) => line >= first && line <= last);
  return { breakpoints: inside.map((line) => ({ line: line + lineOffset })) };
}

function read(kind: Kind, fields: Fields, point: Point): Wanted {
  return {
    kind,
    point,
    condition: fields.text("condition", "").trim(),
    ignore: passes(fields.text("hitCondition", "")),
    logMessage: fields.text("logMessage", ""),
  };
}

/** What a data breakpoint is on; `dataId` is what `dataBreakpointInfo` made of it. */
function changeIn(dataId: string): Point {
  const fields = new Fields(parsed(dataId));
  return {
    on: "change",
    expression: fields.text("expression"),
    pid: fields.count("pid"),
    frame: -fields.count("above"),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(`"${text}" is no dataId of dataBreakpointInfo`);
  }
}
