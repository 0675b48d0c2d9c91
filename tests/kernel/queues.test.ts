import fc from "../helpers/chance";
import { Ring } from "../../kernel/ring";
import { TimerQueue, type Timer } from "../../kernel/timers";
import type { Task } from "../../kernel";

const asTask = (pid: number) => ({ pid }) as Task;

test("the ready queue is a queue, whatever is pushed, shifted and taken when", () => {
  const operation = fc.oneof(
    fc.constant("push" as const),
    fc.constant("shift" as const),
    fc.nat({ max: 40 }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const queue = new Ring<Task>();
      const model: number[] = [];
      let pid = 0;
      for (const what of operations) {
        if (what === "push") {
          queue.push(asTask(++pid));
          model.push(pid);
        } else if (what === "shift") {
          expect(queue.shift()?.pid).toBe(model.shift());
        } else if (model.length > 0) {
          const index = what % model.length;
          expect(queue.take(index)?.pid).toBe(model.splice(index, 1)[0]);
        }
        expect([...queue].map((task) => task.pid)).toEqual(model);
        expect(queue.length).toBe(model.length);
      }
    }),
  );
});

test("timers come due by deadline, then by age, whichever were cancelled", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ deadline: fc.nat({ max: 30 }), cancel: fc.boolean() })),
      (wanted) => {
        const queue = new TimerQueue();
        const timers = wanted.map(({ deadline }) => queue.add(deadline, asTask(1)));
        wanted.forEach(({ cancel }, i) => {
          if (cancel) queue.cancel(timers[i] as Timer);
          if (cancel) queue.cancel(timers[i] as Timer);
        });
        const left = timers.filter((_, i) => !wanted[i]?.cancel);
        const expected = left.sort((a, b) => a.deadline - b.deadline || a.age - b.age);
        expect([...queue]).toEqual(expected);
        expect(queue.next).toBe(expected[0]?.deadline ?? Infinity);
        const due: Timer[] = [];
        for (let now = 0; now <= 30; now++) {
          for (let timer = queue.due(now); timer !== null; timer = queue.due(now)) due.push(timer);
        }
        expect(due).toEqual(expected);
        expect(queue.length).toBe(0);
        expect(due.every((timer) => timer.index === -1)).toBe(true);
      },
    ),
  );
});
