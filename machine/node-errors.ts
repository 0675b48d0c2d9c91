// The host's errors as this system's: same code, same meaning, no host stack.

import { meanings, SystemError, type Errno } from "../kernel";

/** A SystemError for an error of Node's; a code this system does not know is EIO. */
export function toSystemError(error: NodeJS.ErrnoException): SystemError {
  const known = error.code !== undefined && error.code in meanings;
  const detail = error.message.replace(/^[A-Z]+: /, "");
  return new SystemError(known ? (error.code as Errno) : "EIO", detail);
}
