// The host's errors as this system's: same code, same meaning, no host stack.

import { meanings, SystemError, type Errno } from "../kernel";

/** A SystemError for an error of Node's; a code this system does not know is EIO, and is told. */
export function toSystemError(error: NodeJS.ErrnoException): SystemError {
  const known = error.code !== undefined && error.code in meanings;
  if (!known) return new SystemError("EIO", error.message);
  return new SystemError(error.code as Errno, error.message.replace(/^[A-Z]+: /, ""));
}
