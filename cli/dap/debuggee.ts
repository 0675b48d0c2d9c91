// One program that is debugged: the requests that move it, and the events of its moves. What it
// runs on, and how it goes back, is the session's business.

import { ExitedEvent, OutputEvent, TerminatedEvent } from "@vscode/debugadapter";
import { hitsOf, type Session, type Stop } from "../../debugger";
import { messageOf } from "../misuse";
import { askAll, askThese } from "./ask-to-end";
import { Breakpoints } from "./breakpoints";
import type { Client, Commands } from "./client";
import { commandIn, execute } from "./console";
import { Refusal, Untimely, type Fields } from "./fields";
import { Inspection } from "./inspection";
import { launchIn, type Launch } from "./launch";
import { Moves } from "./moves";
import { Runner, type Move } from "./runner";
import { breakpointCommands } from "./set-breakpoints";
import { describeStop, exceptionInfo, type Purpose, type Why } from "./stopped";
import type { Target } from "./target";
import { Threads } from "./threads";

export class Debuggee {
  readonly commands: Commands;
  readonly #client: Client;
  readonly #launch: Launch;
  readonly #target: Target;
  readonly #session: Session;
  readonly #runner: Runner;
  readonly #breakpoints: Breakpoints;
  readonly #threads: Threads;
  readonly #inspection: Inspection;
  readonly #moves: Moves;
  /** Of the last stop. */
  #why: Why = { reason: "entry" };
  #started = false;
  #terminating = false;
  /** The client was told that the program has ended. */
  #over = false;

  constructor(client: Client, launch: Launch, target: Target) {
    const { session } = target;
    this.#client = client;
    this.#launch = launch;
    this.#target = target;
    this.#session = session;
    this.#breakpoints = new Breakpoints(client, session);
    this.#runner = new Runner(session, this.#breakpoints.logMessage, (text) => {
      client.send(new OutputEvent(`${text}\n`, "console"));
    });
    this.#threads = new Threads(client);
    this.#inspection = new Inspection(client, this.#threads, () => this.#standing());
    this.#moves = new Moves(this.#threads, this.#breakpoints, {
      standing: () => this.#standing(),
      move: (move, pid, purpose) => this.#move(move, pid, purpose),
      stay: (why) => this.#stay(why),
    });
    const between = <T>(action: () => Promise<T>): Promise<T> => this.#runner.between(action);
    this.commands = {
      ...this.#inspection.commands,
      ...breakpointCommands(this.#breakpoints, client, between),
      ...this.#moves.commands,
      configurationDone: () => this.#begin(),
      evaluate: (fields) => this.#evaluate(fields),
      exceptionInfo: (fields) => this.#exceptionInfo(fields),
      pause: () => this.#pause(),
      restart: (fields) => this.#restart(fields),
      terminate: () => this.#terminate(),
      terminateThreads: (fields) => this.#terminateThreads(fields.counts("threadIds")),
    };
  }

  /** The session, if it stands. */
  #standing(): Session {
    if (!this.#started)
      throw new Untimely("the program has not started; configurationDone does it");
    if (this.#runner.running) throw new Untimely("the program runs; pause it first");
    if (this.#over) throw new Untimely("the program has ended; restart it, or end the session");
    return this.#session;
  }

  async #begin(): Promise<void> {
    if (this.#started) throw new Refusal("the program has started already");
    this.#started = true;
    // A client that knows no thread has none to pause.
    await this.#threads.refresh(this.#session, this.#session.at);
    // The first step starts the program: before it there is nothing of that to be seen.
    if (this.#launch.stopOnEntry) this.#moves.forwards({ step: 1 }, undefined, "entry");
    else this.#moves.forwards({});
  }

  /** There is no way on. A client that has asked for one may take it that the program runs now. */
  #stay(why: string): void {
    this.#client.after(() => {
      this.#client.say(why);
      this.#threads.stop(this.#why);
    });
  }

  #move(move: Move, pid?: number, purpose: Purpose = "step"): void {
    this.#inspection.forget();
    this.#afterwards(async () => {
      const stop = await this.#runner.run(move);
      if (stop !== null) await this.#stand(stop, purpose, pid);
    });
  }

  /** Once the client has its answer. A world that is gone then ends the session. */
  #afterwards(action: () => Promise<void>): void {
    this.#client.after(() => {
      void action().catch((error: unknown) => this.#finish(messageOf(error)));
    });
  }

  /** Tell the client that the program stands, and why; `mover` is whose move it was. */
  async #stand(stop: Stop, purpose: Purpose, mover?: number): Promise<void> {
    const { reason } = stop;
    for (const hit of hitsOf(stop))
      if (hit.kind === "error") this.#breakpoints.complain(hit.id, hit.text);
    // At a breakpoint that is another task's the client is to look there.
    await this.#threads.refresh(this.#session, stop, "id" in reason ? undefined : mover);
    // Who has stopped it does not look at its end.
    if (reason.kind === "end" && (this.#terminating || !this.#launch.stopOnEnd)) {
      if (reason.code !== undefined) this.#client.send(new ExitedEvent(reason.code));
      return this.#finish(reason.text);
    }
    this.#why = describeStop(stop, purpose, this.#breakpoints);
    this.#threads.stop(this.#why);
  }

  #finish(text: string): void {
    if (this.#over) return;
    this.#over = true;
    if (text !== "") this.#client.say(text);
    this.#client.send(new TerminatedEvent());
  }

  #evaluate(fields: Fields): object | Promise<object> {
    const command = commandIn(fields);
    return command === undefined ? this.#inspection.evaluate(fields) : this.#execute(command);
  }

  async #execute(command: string): Promise<object> {
    const session = this.#standing();
    const { moved, result } = await this.#runner.alone(() =>
      execute(command, this.#target, this.#threads),
    );
    this.#breakpoints.compare();
    if (moved) {
      this.#inspection.forget();
      this.#afterwards(() => this.#stand(session.at, "goto"));
    }
    return { result: await result, variablesReference: 0 };
  }

  async #exceptionInfo(fields: Fields): Promise<object> {
    const ending = await this.#standing().world.ending(fields.count("threadId"));
    return exceptionInfo(this.#why, ending?.stack ?? []);
  }

  #pause(): void {
    if (this.#runner.running) this.#runner.pause();
    else throw new Untimely("the program does not run");
  }

  /** The program anew, as it is now. */
  async #restart(fields: Fields): Promise<void> {
    const asked = fields.has("arguments") ? launchIn(fields.inside("arguments")) : this.#launch;
    if (JSON.stringify(asked) !== JSON.stringify(this.#launch))
      throw new Refusal("the launch configuration has changed; stop this, and launch it again");
    const stood = !this.#runner.running && this.#started && !this.#over;
    await this.#runner.halt();
    try {
      await this.#session.restart();
    } catch (error) {
      // What was edited does not load: then the program stands where it was halted.
      if (this.#started && !this.#over)
        this.#afterwards(() => this.#stand(this.#session.at, "goto"));
      throw error;
    }
    this.#started = false;
    if (stood) this.#threads.goOn();
    await this.#breakpoints.renew();
    this.#over = this.#terminating = false;
    await this.#begin();
  }

  /** As Ctrl-C does: the tasks clean up, the first time. */
  async #terminate(): Promise<void> {
    const session = this.#session;
    const ended = this.#over || session.at.reason.kind === "end";
    if (this.#terminating || ended || !session.live || !this.#started) {
      await this.#target.end();
      this.#client.after(() => this.#finish(""));
      return;
    }
    this.#terminating = true;
    await this.#runner.between(async () => {
      // A task that never yields was ended with its world, to come here.
      if (session.live) await askAll(session);
    });
    if (this.#runner.running) return;
    this.#threads.goOn();
    this.#moves.forwards({});
  }

  #terminateThreads(pids: readonly number[]): Promise<void> {
    return this.#runner.between(() => askThese(this.#session, pids));
  }
}
