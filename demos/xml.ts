// XML as a stream of events, for part 3: reads a descriptor in chunks and sends what it finds, as
// it finds it, into a coroutine. The parser is saxes; nothing else here knows it.

import { SaxesParser } from "saxes";
import { decoder, read, type Fd, type Program } from "../syscalls";
import type { Target } from "../tasks";

export type XmlEvent =
  | { readonly kind: "start"; readonly name: string; readonly attributes: Attributes }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "end"; readonly name: string };

type Options = { readonly fileName: string; readonly xmlns: false };
type Attributes = Readonly<Record<string, string>>;

/** A document that is not well-formed, or not in UTF-8: `buses.xml:12:8: unclosed tag: bus` */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

/**
 * Send the XML document at `fd` into `target`, event by event, and close it. `name` is the file's
 * in messages. Blocks as `read` does. Fails as `read` does, with XmlError, and with what `target`
 * throws.
 */
export function* readXml(fd: Fd, name: string, target: Target<XmlEvent>): Program<void> {
  const source = new XmlSource(name, target);
  const decode = decoder();
  try {
    for (let chunk = yield* read(fd); chunk.length > 0; chunk = yield* read(fd)) {
      source.push(decode(chunk));
    }
    source.push(decode());
    source.end();
  } finally {
    target.close();
  }
}

/** Sends the events of a document that comes in pieces, cut anywhere. */
export class XmlSource {
  readonly #parser;
  readonly #target: Target<XmlEvent>;
  #held: XmlEvent | null = null;

  constructor(name: string, target: Target<XmlEvent>) {
    const parser = new SaxesParser<Options>({ fileName: name, xmlns: false });
    this.#parser = parser;
    this.#target = target;
    parser.on("opentag", ({ name, attributes }) => this.#emit({ kind: "start", name, attributes }));
    parser.on("text", (text) => this.#emit({ kind: "text", text }));
    parser.on("cdata", (text) => this.#emit({ kind: "text", text }));
    parser.on("closetag", ({ name }) => this.#emit({ kind: "end", name }));
    parser.on("xmldecl", ({ encoding = "UTF-8" }) => {
      if (!/^(utf-8|us-ascii)$/i.test(encoding)) parser.fail(`it is in ${encoding}, not in UTF-8`);
    });
    parser.on("error", (error) => {
      throw new XmlError(error.message.replace(/\.$/, ""));
    });
  }

  /** Parse the next piece. Throws XmlError, and what the target throws. */
  push(piece: string): void {
    this.#parser.write(piece);
    this.#emit(null);
  }

  /** There is no more. Throws XmlError when there should be. */
  end(): void {
    this.#parser.close();
    this.#emit(null);
  }

  /**
   * The parser says of an element that was cut off that it ended, and only then complains. So each
   * event waits for the next one, or for the end of the piece.
   */
  #emit(next: XmlEvent | null): void {
    const event = this.#held;
    this.#held = next;
    if (event !== null) this.#target.send(event);
  }
}
