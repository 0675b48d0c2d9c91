// The debug adapter: serves a client's requests one after the other, whatever comes, and says what
// is wrong with those it cannot. Knows nothing of where the bytes come from; one client each.

import {
  DebugSession,
  InitializedEvent,
  OutputEvent,
  Response,
  TerminatedEvent,
} from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Session } from "../../debugger/world";
import { messageOf } from "../misuse";
import { CAPABILITIES } from "./capabilities";
import type { Client, Commands } from "./client";
import { Debuggee } from "./debuggee";
import { Fields, Refusal, Untimely } from "./fields";
import { launchIn } from "./launch";
import type { Open, Target } from "./target";

/** How long a request that hangs may hold up one that ends things, in milliseconds. */
const PATIENCE = 1000;

export class Adapter extends DebugSession implements Client {
  lineOffset = 0;
  columnOffset = 0;
  /** Called once the client has said good-bye and has its answer. */
  onDisconnect: () => void = () => {};
  readonly #open: Open;
  /** What was launched last, or is being launched. */
  #target: Promise<Target | null> = Promise.resolve(null);
  #debuggee: Debuggee | null = null;
  readonly #leaving = new AbortController();
  /** Resolves when what was debugged has ended; null while the client is there. */
  #closing: Promise<void> | null = null;
  #queue: Promise<void> = Promise.resolve();
  #after: (() => void)[] = [];

  constructor(open: Open) {
    super();
    this.#open = open;
  }

  readonly #commands: Commands = {
    initialize: (fields) => this.#initialize(fields),
    launch: (fields) => this.#launch(fields),
    attach: () => {
      throw new Refusal("genix cannot attach to a program that runs; launch it or a recording");
    },
    disconnect: async () => {
      await this.close();
      this.after(() => this.onDisconnect());
    },
  };

  send(event: DebugProtocol.Event): void {
    if (this.#closing === null) this.sendEvent(event);
  }

  after(action: () => void): void {
    this.#after.push(action);
  }

  say(text: string): void {
    this.send(new OutputEvent(`genix: ${text}\n`, "console"));
  }

  /** The client has left: the program ends with it, whoever says so how often. */
  close(): Promise<void> {
    return (this.#closing ??= this.#leave());
  }

  async #leave(): Promise<void> {
    this.#leaving.abort();
    const target = await this.#target.catch(() => null);
    await target?.end();
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const urgent = /^(disconnect|terminate|pause)$/.test(request.command);
    const turn = urgent ? Promise.race([this.#queue, patience()]) : this.#queue;
    this.#queue = turn.then(() => this.#serve(request));
  }

  async #serve(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    try {
      const serve = this.#commandFor(request.command);
      const body = await serve(new Fields(request.arguments));
      if (body !== undefined) response.body = body;
    } catch (error) {
      const text = messageOf(error);
      response.success = false;
      response.message = text;
      const showUser = request.command !== "evaluate" && !(error instanceof Untimely);
      response.body = { error: { id: 1, format: text, showUser } };
    }
    this.sendResponse(response);
    for (const action of this.#after.splice(0)) action();
  }

  #commandFor(name: string): Commands[string] {
    if (this.#closing !== null) throw new Refusal("this session has ended");
    const own = lookUp(this.#commands, name);
    if (own !== undefined) return own;
    if (this.#debuggee === null && name === "terminate") return () => this.#giveUp();
    if (this.#debuggee === null)
      throw new Refusal(`${name} before launch: nothing is debugged yet`);
    const command = lookUp(this.#debuggee.commands, name);
    if (command === undefined) throw new Refusal(`genix does not know the request ${name}`);
    return command;
  }

  #initialize(fields: Fields): object {
    if (fields.text("pathFormat", "path") !== "path")
      throw new Refusal('pathFormat has to be "path": genix knows files by their paths');
    this.lineOffset = fields.flag("linesStartAt1", true) ? 0 : -1;
    this.columnOffset = fields.flag("columnsStartAt1", true) ? 0 : -1;
    return CAPABILITIES;
  }

  async #launch(fields: Fields): Promise<void> {
    if (this.#debuggee !== null) throw new Refusal("launched already; to run it anew, restart");
    const launch = launchIn(fields);
    const print: Session["onOutput"] = (text, stream, replayed) => {
      if (!replayed) this.send(new OutputEvent(text, stream));
    };
    const opening = this.#open(launch, print, this.#leaving.signal);
    this.#target = opening;
    this.#debuggee = new Debuggee(this, launch, await opening);
    this.after(() => this.send(new InitializedEvent()));
  }

  /** The client stops what is not launched yet, and is to leave. */
  #giveUp(): void {
    this.after(() => this.send(new TerminatedEvent()));
  }
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE).unref());
}

function lookUp(commands: Commands, name: string): Commands[string] | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}
