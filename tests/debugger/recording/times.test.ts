// Times in a recording: of the machine's clock, and how long steps took.

import { parseRecording, Recorder } from "../../../debugger/recording";
import { StoryTeller } from "../../../debugger";
import { timeAxis } from "../../../debugger/pictures/axis";
import { VirtualMachine } from "../../../machine";
import { now, sleep, spawn, wait, yieldCpu, type Program } from "../../../syscalls";
import { System } from "../../../system";
import { header } from "../../helpers/recorded";

/** The host's clock. */
let clock = 0;

/** Each worker computes for so long, twice. */
function* worker(ms: number): Program<void> {
  for (let i = 0; i < 2; i++) {
    clock += ms;
    yield* yieldCpu();
  }
}

function* main(): Program<void> {
  for (const ms of [0.05, 300, 20]) yield* spawn(worker(ms));
  for (let i = 0; i < 3; i++) yield* wait();
  yield* sleep(1);
  yield* now();
}

/** The recording of such a run, on a machine whose own clock is the host's. */
function recorded(timed: boolean, virtual = false): string {
  clock = 0;
  let recorder: Recorder | undefined;
  let text = `${JSON.stringify(header({ machine: virtual ? "virtual" : "node" }))}\n`;
  const wrap = (inner: VirtualMachine): Recorder => {
    inner.clock = () => clock;
    return (recorder = new Recorder(inner, virtual, (line) => (text += line)));
  };
  const machine = new VirtualMachine({ wrap: (inner) => wrap(inner) });
  new System(machine, main, "main");
  recorder?.begin(machine, timed);
  machine.run();
  recorder?.end();
  return text;
}

const lastedIn = (text: string) =>
  parseRecording(text.trimEnd().split("\n")).inputs.flatMap((input) =>
    "time" in input && input.lasted !== undefined ? [[input.at, input.time, input.lasted]] : [],
  );

test("a step that takes long is noted with when it was over, if that is wanted", () => {
  const text = recorded(true);
  expect(lastedIn(text)).toEqual([
    [7, 300.1, 300],
    [10, 600.1, 300],
    [11, 620.1, 20],
    [14, 640.1, 20],
  ]);
  expect(lastedIn(recorded(false))).toEqual([]);
  expect(lastedIn(recorded(true, true))).toEqual([]);
});

test("what is cut off after a step's time can be played with that step", () => {
  const lines = recorded(true).trimEnd().split("\n");
  const at = lines.findIndex((line) => line.includes('"at":11,"time"'));
  expect(parseRecording(lines.slice(0, at + 1)).steps).toBe(11);
  lines[at] = '{"at":11,"time":320.05,"lasted":"long"}';
  expect(parseRecording(lines).problem).toContain("its time is not as it should be");
});

test("a story has them, and a picture shows those steps as long as they were", () => {
  const times = new Map([[7, { time: 300.5, lasted: 300 }]]);
  const machine = new VirtualMachine();
  const teller = new StoryTeller(machine.kernel, { times });
  machine.kernel.attach(teller);
  new System(machine, main, "main");
  machine.run();
  const story = teller.tell("main.ts", []);
  expect(story.steps[6]).toMatchObject({ step: 7, time: 0.5, lasted: 300 });
  expect(story.steps.filter(({ lasted }) => lasted !== undefined)).toHaveLength(1);
  const { starts, ends } = timeAxis({ ...story, steps: story.steps.slice(0, 7) }, 0.001);
  expect((ends[6] ?? 0) - (starts[6] ?? 0)).toBeCloseTo(300);
});
