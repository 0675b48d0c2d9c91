// Supervisors: tasks that start others and start them again when they end. What fails is put back
// into its first state, which is known to work; what keeps failing is given up, and is somebody
// else's to put right. After Erlang/OTP's supervisor (J. Armstrong, "Making reliable distributed
// systems in the presence of software errors", 2003, ch. 5; stdlib's supervisor.erl).

import { Killed, now, spawn } from "../syscalls";
import type { ExitStatus, Pid, Program } from "../syscalls";
import { ChildError } from "./failures";
import { complain } from "./init";
import { oversee } from "./keeper";
import { deaths } from "./nursery";
import { describeCrash, describeExit, reasonOf } from "./report";
import { shield } from "./shield";
import { killAndWait } from "./stop";
import { checkPolicy, checkSpecs } from "./supervisor-spec";
import type { ChildSpec, Policy, SupervisorOptions } from "./supervisor-spec";

const GRACE = 5000;

/**
 * Start a task for every one of `specs`, in order, and start them again when they end, as their
 * `restart` and the `strategy` say. An exception of `start` counts as a crash.
 *
 * Blocks until no child is left that could end, or for ever. When there were more than `intensity`
 * restarts within `period` it stops all and throws a ChildError, which names the last child that
 * ended, with its error as cause. When the caller is stopped, it stops all: each is sent TERM and
 * awaited before the next, the last one started first, and ended with KILL after its `grace`. Fails
 * with EINVAL for a wrong specification.
 */
export function* supervise(
  specs: readonly ChildSpec[],
  options: SupervisorOptions = {},
): Program<void> {
  checkSpecs(specs);
  const policy = checkPolicy(options);
  const wards = specs.map((spec) => new Ward(spec));
  yield* oversee(new Supervisor(wards, policy).run(), policy.name);
}

/** A child, through all its starts. */
class Ward {
  readonly spec: ChildSpec;
  /** Its task; 0 while it has none. */
  pid: Pid = 0;
  /** How it ended, until that is dealt with. */
  ended: ExitStatus | null = null;

  constructor(spec: ChildSpec) {
    this.spec = spec;
  }

  /** Is it to be started again after `status`? */
  returns({ kind }: ExitStatus): boolean {
    const { restart = "permanent" } = this.spec;
    return restart === "permanent" || (restart === "transient" && kind !== "exited");
  }
}

class Supervisor {
  readonly #wards: readonly Ward[];
  readonly #policy: Policy;
  /** When children were started again, within the last period. */
  #restarts: number[] = [];

  constructor(wards: readonly Ward[], policy: Policy) {
    this.#wards = wards;
    this.#policy = policy;
  }

  *run(): Program<void> {
    let reason = "nobody is left to supervise";
    try {
      yield* this.#start(this.#wards);
      for (let ward = yield* this.#next(); ward !== undefined; ward = yield* this.#next()) {
        yield* this.#restart(ward);
      }
    } catch (error) {
      reason = reasonOf(error);
      throw error;
    } finally {
      yield* shield(this.#stop(this.#wards, reason));
    }
  }

  /** The next child that is to be started again; undefined when none can end any more. */
  *#next(): Program<Ward | undefined> {
    for (;;) {
      const ward = this.#wards.find(({ ended }) => ended !== null);
      if (ward !== undefined) return ward;
      if (this.#wards.every(({ pid }) => pid === 0)) return undefined;
      const ends = (yield* deaths()).map((status) => [this.#release(status), status] as const);
      for (const [ward, status] of ends) if (ward !== undefined) yield* this.#end(ward, status);
    }
  }

  /** Note that a task is no more; at once, as its pid is of no use now. */
  #release({ pid }: ExitStatus): Ward | undefined {
    const ward = this.#wards.find((one) => one.pid === pid);
    if (ward !== undefined) ward.pid = 0;
    return ward;
  }

  /** `ward` has ended, and nobody had told it to. */
  *#end(ward: Ward, status: ExitStatus): Program<void> {
    const restart = ward.returns(status);
    ward.ended = restart ? status : null;
    yield* this.#tell(ward, status, restart);
  }

  *#tell({ spec }: Ward, status: ExitStatus, restart: boolean): Program<void> {
    const { onEnd } = this.#policy;
    if (onEnd !== null) onEnd({ child: spec.name, status, restart });
    else if (status.kind === "crashed") yield* shield(complain(describeCrash(status)));
  }

  *#restart(ward: Ward): Program<void> {
    const status = ward.ended as ExitStatus;
    const { strategy, intensity, period, name } = this.#policy;
    const time = yield* now();
    this.#restarts = [...this.#restarts.filter((past) => time - past <= period), time];
    if (this.#restarts.length > intensity) {
      const after = `after ${intensity} restart${intensity === 1 ? "" : "s"} in ${period} ms`;
      const text = `"${name}" gave up on "${ward.spec.name}" ${after}: ${describeExit(status)}`;
      throw new ChildError(status, text);
    }
    const first = strategy === "one-for-all" ? 0 : this.#wards.indexOf(ward);
    const last = strategy === "one-for-one" ? first + 1 : this.#wards.length;
    const affected = this.#wards.slice(first, last);
    yield* this.#stop(affected, describeExit(status));
    yield* this.#start(affected.filter(({ spec }) => spec.restart !== "temporary"));
  }

  *#start(wards: readonly Ward[]): Program<void> {
    for (const ward of wards) {
      const { name, start } = ward.spec;
      ward.ended = null;
      try {
        ward.pid = yield* spawn(start(), { name, bound: true });
      } catch (error) {
        if (error instanceof Killed) throw error; // It was told to stop, not the child.
        yield* this.#end(ward, { pid: 0, name, kind: "crashed", error });
      }
    }
  }

  /** Stop those that live, the last one started first. */
  *#stop(wards: readonly Ward[], reason: string): Program<void> {
    for (const ward of [...wards].reverse()) {
      if (ward.pid === 0) continue;
      const { grace = GRACE } = ward.spec;
      const status = yield* killAndWait(ward.pid, { reason, grace });
      ward.pid = 0;
      if (status.kind === "crashed") yield* this.#tell(ward, status, false);
    }
  }
}
