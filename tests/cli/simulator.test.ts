// The host's stdin under the virtual machine, with what the host answers made up.

import fs from "node:fs";
import { Simulator } from "../../cli/simulator";

const answer = jest.spyOn(fs, "readSync");
afterAll(() => answer.mockRestore());

const { stdin } = new Simulator({});

test("an error of the host's is a system error", () => {
  answer.mockImplementation(() => {
    throw Object.assign(new Error("EISDIR: is a directory, read"), { code: "EISDIR" });
  });
  expect(() => stdin.read?.(10)).toThrow(
    expect.objectContaining({ name: "SystemError", errno: "EISDIR" }) as Error,
  );
});

test("a read makes no more room than stdin may fill at once", () => {
  answer.mockImplementation((_, room) => room.byteLength);
  expect(stdin.read?.(2 ** 50)).toHaveLength(65536);
});
