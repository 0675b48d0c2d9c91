// What is to be seen of a program that stands: stacks, scopes, variables, expressions. The client
// is given numbers for frames and for what can be opened, which are good until the program runs on.

import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Frame, Session, Variable, World } from "../../debugger/world";
import { theirs } from "../copies";
import { messageOf } from "../misuse";
import type { Client, Commands } from "./client";
import { Untimely, type Fields } from "./fields";
import type { Threads } from "./threads";

const NAME = /^[A-Za-z_$][\w$]*$/;

type Part = Pick<Variable, "name" | "access">;

/** A frame of a task; 0 is the innermost. */
interface Seat {
  readonly pid: number;
  readonly frame: number;
}

/** What a client may open: a scope or a value, and how an expression would call it. */
interface Container extends Seat {
  readonly open: () => Promise<readonly Variable[]>;
  /** Null where its parts have no name in the language; "" where they are names themselves. */
  readonly expression: string | null;
}

export class Inspection {
  readonly #client: Client;
  readonly #threads: Threads;
  readonly #session: () => Session;
  #seats: Seat[] = [];
  #containers: Container[] = [];

  /** `session` throws while the program runs. */
  constructor(client: Client, threads: Threads, session: () => Session) {
    this.#client = client;
    this.#threads = threads;
    this.#session = session;
  }

  readonly commands: Commands = {
    threads: () => ({ threads: this.#threads.list() }),
    stackTrace: (fields) => this.#stackTrace(fields),
    scopes: (fields) => this.#scopes(this.#seat(fields.count("frameId"))),
    variables: (fields) => this.#variables(fields),
    completions: (fields) => this.#completions(fields),
    dataBreakpointInfo: (fields) => this.#dataBreakpointInfo(fields),
  };

  /** The program runs on: what was seen is no more. */
  forget(): void {
    this.#seats = [];
    this.#containers = [];
  }

  async #stackTrace(fields: Fields): Promise<object> {
    const pid = this.#threads.pidIn(fields);
    const session = this.#session();
    const frames = await (this.#threads.hasEnded(pid)
      ? lastPlace(session.world, pid)
      : session.world.frames(pid));
    const start = fields.count("startFrame", 0);
    const levels = fields.count("levels", 0);
    const shown = frames.slice(start, levels === 0 ? undefined : start + levels);
    const stackFrames = shown.map((frame, i) => this.#frame(frame, { pid, frame: start + i }));
    return { stackFrames, totalFrames: frames.length };
  }

  #frame({ name, file, line, column }: Frame, seat: Seat): DebugProtocol.StackFrame {
    const id = this.#seats.push(seat);
    const known = existsSync(file);
    const foreign = known && !theirs(file);
    return {
      id,
      name: name === "" ? "(anonymous)" : name,
      line: known ? line + this.#client.lineOffset : 0,
      column: known ? column + this.#client.columnOffset : 0,
      ...(known && { source: sourceOf(file, foreign) }),
      ...(foreign && { presentationHint: "subtle" as const }),
    };
  }

  #seat(id: number): Seat {
    const seat = this.#seats[id - 1];
    if (seat === undefined) throw new Untimely(`frame ${id} is gone: the program has run on since`);
    return seat;
  }

  /** Where an expression is evaluated: in the frame that is given, or where the program stands. */
  #seatIn(fields: Fields): Seat {
    if (fields.count("frameId", 0) > 0) return this.#seat(fields.count("frameId"));
    const { current } = this.#threads;
    if (current > 0 && !this.#threads.hasEnded(current)) return { pid: current, frame: 0 };
    throw new Untimely("there is no task in whose frame the expression could be evaluated");
  }

  async #scopes(seat: Seat): Promise<object> {
    if (this.#threads.hasEnded(seat.pid)) return { scopes: [] };
    const scopes = await this.#session().world.scopes(seat.pid, seat.frame);
    return {
      scopes: scopes.map(({ kind, variables }) => ({
        name: kind.charAt(0).toUpperCase() + kind.slice(1),
        variablesReference: this.#contain({
          ...seat,
          open: () => Promise.resolve(variables),
          expression: "",
        }),
        expensive: kind === "closure" || kind === "module",
        ...(kind === "local" && { presentationHint: "locals" }),
      })),
    };
  }

  #contain(container: Container): number {
    return this.#containers.push(container);
  }

  #container(reference: number): Container {
    const container = this.#containers[reference - 1];
    if (container !== undefined) return container;
    throw new Untimely(`reference ${reference} is gone: the program has run on since`);
  }

  async #variables(fields: Fields): Promise<object> {
    const container = this.#container(fields.count("variablesReference"));
    const variables = await container.open();
    const start = fields.count("start", 0);
    const count = fields.count("count", 0);
    const shown = variables.slice(start, count === 0 ? undefined : start + count);
    return { variables: shown.map((variable) => this.#variable(variable, container)) };
  }

  #variable(variable: Variable, within: Container): DebugProtocol.Variable {
    const { name, value, type } = variable;
    const expression = memberOf(within.expression, variable);
    return {
      name,
      value,
      type,
      variablesReference: this.#reference(variable, within, expression),
      ...(expression !== null && { evaluateName: expression }),
    };
  }

  #reference({ ref }: Variable, { pid, frame }: Seat, expression: string | null): number {
    if (ref === 0) return 0;
    const open = (): Promise<readonly Variable[]> => this.#session().world.expand(ref);
    return this.#contain({ pid, frame, open, expression });
  }

  async evaluate(fields: Fields): Promise<object> {
    const expression = fields.text("expression");
    const seat = this.#seatIn(fields);
    const result = await this.#session().world.evaluate(expression, seat.pid, seat.frame);
    return {
      result: result.value,
      type: result.type,
      variablesReference: this.#reference(result, seat, `(${expression})`),
    };
  }

  /** The names that begin with what was typed last: in the frame, or after a dot in the value. */
  async #completions(fields: Fields): Promise<object> {
    const seat = this.#seatIn(fields);
    const { lineOffset, columnOffset } = this.#client;
    const lines = fields.text("text").split("\n");
    const line = fields.count("line", 1 + lineOffset) - 1 - lineOffset;
    const column = fields.count("column") - 1 - columnOffset;
    const before = [...lines.slice(0, line), lines[line]?.slice(0, column) ?? ""].join("\n");
    const [, whole, typed = ""] = /(?:([\w$.]*)\.)?([\w$]*)$/.exec(before) ?? [];
    const names = await (whole === undefined ? this.#names(seat) : this.#members(whole, seat));
    const fitting = [...new Set(names)].filter((name) => name.startsWith(typed));
    // Clients take it to count from 0, whatever they have said of columns.
    const start = before.length - typed.length;
    return {
      targets: fitting.map((label) => ({ label, start, length: typed.length, type: "variable" })),
    };
  }

  async #names({ pid, frame }: Seat): Promise<readonly string[]> {
    const scopes = await this.#session().world.scopes(pid, frame);
    return scopes.flatMap(({ variables }) => variables.map(({ name }) => name));
  }

  async #members(whole: string, { pid, frame }: Seat): Promise<readonly string[]> {
    const { world } = this.#session();
    const value = await world.evaluate(whole, pid, frame).catch(() => null);
    const parts = value === null || value.ref === 0 ? [] : await world.expand(value.ref);
    const named = parts.filter(({ name, access }) => access === undefined && NAME.test(name));
    return named.map(({ name }) => name);
  }

  async #member({ open, expression }: Container, name: string): Promise<string | null> {
    const part = (await open()).find((one) => one.name === name);
    return memberOf(expression, part ?? { name });
  }

  /** Of a variable in a scope or value, or of an expression: what it takes to watch it. */
  async #dataBreakpointInfo(fields: Fields): Promise<object> {
    const name = fields.text("name");
    const reference = fields.count("variablesReference", 0);
    const within = reference > 0 ? this.#container(reference) : undefined;
    const expression = within === undefined ? name : await this.#member(within, name);
    if (expression === null) return { dataId: null, description: `${name} has no name to watch` };
    const { pid, frame } = within ?? this.#seatIn(fields);
    try {
      await this.#session().world.evaluate(expression, pid, frame);
    } catch (error) {
      return { dataId: null, description: messageOf(error) };
    }
    // From the outermost frame, since a subroutine that is called would move it to another one.
    const { length } = await this.#session().world.frames(pid);
    const dataId = JSON.stringify({ expression, pid, above: length - frame });
    return { dataId, description: `${expression} in task ${pid}`, accessTypes: ["write"] };
  }
}

/** Of a task that has ended: it has no frames any more, but there is where it was last. */
async function lastPlace(world: World, pid: number): Promise<readonly Frame[]> {
  const { text = "", from = "" } = (await world.ending(pid)) ?? {};
  const [, file, line] = /^(.*):(\d+)$/.exec(from) ?? [];
  if (file === undefined) return [];
  return [{ name: text, file, line: Number(line), column: 1, own: true }];
}

function sourceOf(file: string, foreign: boolean): DebugProtocol.Source {
  if (!foreign) return { name: basename(file), path: file };
  return { name: basename(file), path: file, presentationHint: "deemphasize", origin: "genix" };
}

/** How an expression calls the part `name` of what `whole` is; null if the language cannot. */
function memberOf(whole: string | null, { name, access }: Part): string | null {
  if (whole === null || access === "") return null;
  if (whole === "") return name;
  if (access !== undefined) return `${whole}${access}`;
  if (NAME.test(name)) return `${whole}.${name}`;
  return `${whole}[${/^\d+$/.test(name) ? name : JSON.stringify(name)}]`;
}
