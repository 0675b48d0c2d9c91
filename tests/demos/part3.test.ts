// Part 3 of the course: what its demos print, and what they say of documents that are not right.

import { simulate } from "../../boot";
import * as events from "../../demos/31-events";
import * as busTracker from "../../demos/32-bus-tracker";
import { sampleBuses } from "../../demos/data/buses";
import { pour } from "../../demos/data/pour";
import { readXml, XmlError, XmlSource, type XmlEvent } from "../../demos/xml";
import { encode, open, type Program } from "../../syscalls";
import { coroutine, type Receiver } from "../../tasks";
import { runDemo } from "../helpers/demo";

test("31: events in the order of the document, and the titles a state machine makes of them", () => {
  expect(runDemo(events)).toMatchInlineSnapshot(`
   "start library
     start book
       start title
         text "Life & Fate"
       end title
       start year
         text "1980"
       end year
     end book
     start book
       start year
         text "1913"
       end year
       start title
         text "A la "
         start i
           text "recherche"
         end i
         text " du temps"
       end title
     end book
   end library
   titles: Life & Fate, A la recherche du temps
   "
  `);
});

test("32: the northbound buses of route 22 in the sample", () => {
  expect(runDemo(busTracker)).toMatchInlineSnapshot(`
   "1481,22,"North Bound",41.77112,-87.76380
   1851,22,"North Bound",41.86134,-87.74622
   1962,22,"North Bound",41.71233,-87.73685
   1999,22,"North Bound",41.72564,-87.76233
   2110,22,"North Bound",41.87829,-87.68278
   2221,22,"North Bound",41.87408,-87.75338
   2406,22,"North Bound",41.74167,-87.79932
   "
  `);
});

/** The tracker's output for a document. */
function track(document: string | Uint8Array): string {
  return runDemo(busTracker, ["/b.xml"], { files: { "/b.xml": document } });
}

/** A bus of route 22 going north, with `more` in it. */
function northbound(more: string): string {
  return `<bus><route>22</route><direction>North Bound</direction>${more}</bus>`;
}

const place = "<latitude>1.5</latitude><longitude>-2</longitude>";

describe("32: what a document may look like", () => {
  test("a file is read in chunks, and gives what the sample does", () => {
    const sample = sampleBuses(40);
    expect(track(sample)).toBe(runDemo(busTracker));
    const many = track(sampleBuses(3000));
    expect(encode(sampleBuses(3000)).length).toBeGreaterThan(10 * 65536);
    expect(many.split("\n").length).toBeGreaterThan(300);
    expect(many.startsWith(track(sample))).toBe(true);
  });

  test("the sample is the same every time, and has liberties of every kind", () => {
    expect(sampleBuses(5)).toBe(sampleBuses(5));
    for (const what of ["&#32;", "<![CDATA[", "<!--", "&amp;", "<color/>"]) {
      expect(sampleBuses()).toContain(what);
    }
  });

  test.each<[string, string, string]>([
    [
      "elements in any order",
      `<bus><longitude>-2</longitude><id>7</id><direction>North Bound</direction><latitude>1.5</latitude><route>22</route></bus>`,
      '7,22,"North Bound",1.5,-2',
    ],
    [
      "white space around and within texts",
      northbound(`\n <id>\r\n\t7 </id>\n${place}`).replace("North Bound", " North\n   Bound "),
      '7,22,"North Bound",1.5,-2',
    ],
    [
      "entities and character references",
      northbound(`<id>&lt;7&#x26;</id>${place}`).replace("North Bound", "North&#32;Bound"),
      '<7&,22,"North Bound",1.5,-2',
    ],
    [
      "attributes, which are not its concern",
      northbound(`<id type="route">7</id>${place}`).replace("<bus>", `<bus id='9' route="1">`),
      '7,22,"North Bound",1.5,-2',
    ],
    [
      "CDATA and comments in a text",
      northbound(`<id><!-- no -->4<![CDATA[2]]></id>${place}`),
      '42,22,"North Bound",1.5,-2',
    ],
    [
      "other elements, nested ones too, which do not count",
      northbound(`<id>7<old><id>3</id><bus/></old></id><stop><id>5</id></stop>${place}`),
      '7,22,"North Bound",1.5,-2',
    ],
    [
      "names that objects have by themselves",
      northbound(`<id>7</id><constructor>1</constructor><__proto__>2</__proto__>${place}`),
      '7,22,"North Bound",1.5,-2',
    ],
    [
      "what a table of values has to quote",
      northbound(`<id>7,"8"</id>${place}`),
      '"7,""8""",22,"North Bound",1.5,-2',
    ],
    [
      "a bus deep in the document",
      `<a><b>${northbound(`<id>7</id>${place}`)}</b></a>`,
      '7,22,"North Bound",1.5,-2',
    ],
    [
      "a byte order mark and other alphabets",
      `\ufeff<?xml version="1.0"?>${northbound(`<id>№7</id>${place}`)}`,
      '№7,22,"North Bound",1.5,-2',
    ],
  ])("%s", (_title, bus, line) => {
    expect(track(bus)).toBe(`${line}\n`);
  });

  test("other routes, other directions and no buses at all print nothing", () => {
    expect(track(northbound(`<id>7</id>${place}`).replace("22", "220"))).toBe("");
    expect(track(northbound(`<id>7</id>${place}`).replace("North", "South"))).toBe("");
    expect(track("<buses><bus/><bus></bus></buses>")).toBe("");
  });

  test("a bus that lacks something is left out and named", () => {
    const document = `<buses>${northbound(`<id>7</id><latitude>1</latitude>`)}${northbound("<id/>")}</buses>`;
    expect(track(document)).toBe(
      "/b.xml: bus 7: no longitude; left out\n/b.xml: bus ?: no id, latitude, longitude; left out\n",
    );
  });

  test("several files, one after the other", () => {
    const files = {
      "/a": northbound(`<id>1</id>${place}`),
      "/b": northbound(`<id>2</id>${place}`),
    };
    expect(runDemo(busTracker, ["/a", "/b"], { files })).toBe(
      '1,22,"North Bound",1.5,-2\n2,22,"North Bound",1.5,-2\n',
    );
  });

  test("deeper nesting than any native stack", () => {
    const deep = `${"<x>".repeat(20_000)}${"</x>".repeat(20_000)}`;
    expect(track(northbound(`<id>7</id>${deep}${place}`))).toBe('7,22,"North Bound",1.5,-2\n');
  });
});

describe("32: documents that are not right", () => {
  const good = northbound(`<id>7</id>${place}`);

  /** What the demo crashes with. */
  function crash(document: string | Uint8Array): unknown {
    const { status } = simulate(() => busTracker.default(["/b.xml"]), {
      files: { "/b.xml": document },
    });
    if (status.kind !== "crashed") throw new Error(`it ${status.kind}`);
    return status.error;
  }

  test.each<[string, string | Uint8Array, string]>([
    ["cut off within a bus", "<buses>\n<bus><id>7</id>", "/b.xml:2:15: unclosed tag: bus"],
    ["cut off within a tag", "<buses><bus><i", "/b.xml:1:14: unclosed tag: bus"],
    ["cut off after a bus", "<buses><bus/>", "/b.xml:1:13: unclosed tag: buses"],
    [
      "an element that is not ended",
      "<buses>\n\n<bus><id>7</bus></buses>",
      "/b.xml:3:16: unexpected close tag",
    ],
    ["an unknown entity", "<bus>&nbsp;</bus>", "/b.xml:1:11: undefined entity"],
    ["an attribute without quotes", "<bus id=7/>", "/b.xml:1:9: unquoted attribute value"],
    ["two roots", "<bus/><bus/>", "/b.xml:1:11: documents may contain only one root"],
    ["no XML at all", "id,route\n7,22\n", "/b.xml:3:0: text data outside of root node"],
    ["nothing", "", "/b.xml:1:0: document must contain a root element"],
    [
      "another encoding",
      '<?xml version="1.0" encoding="ISO-8859-1"?><bus/>',
      "/b.xml:1:43: it is in ISO-8859-1, not in UTF-8",
    ],
    [
      "UTF-16",
      Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x61, 0),
      "/b.xml:1:3: text data outside of root node",
    ],
  ])("%s: an error with file, line and column", (_title, document, message) => {
    const error = crash(document);
    expect(error).toBeInstanceOf(XmlError);
    expect((error as Error).message).toBe(message);
  });

  test("a bus that is cut off is not printed, those before it are", () => {
    const cut = good.replace("</bus>", "").replace("7", "8");
    expect(track(`<buses>${good}${cut}</buses>`)).toMatch(
      /^7,22,"North Bound",1.5,-2\n.* crashed\n {2}XmlError: \/b.xml:1:\d+: unexpected close tag/,
    );
  });

  test("a missing file is ENOENT, and its name is in the message", () => {
    expect(runDemo(busTracker, ["/none.xml"])).toContain('open("/none.xml")');
  });

  test("the source of an unread rest ends in silence: the pipe is closed, that says it all", () => {
    function* main(): Program<string> {
      const fd = yield* pour(`<a></b>${"x".repeat(200_000)}`);
      try {
        yield* readXml(
          fd,
          "rest",
          coroutine(function* deaf(): Receiver<XmlEvent> {
            for (;;) yield;
          })(),
        );
      } catch (error) {
        return String(error);
      }
      return "read";
    }
    const { value, stderr } = simulate(main);
    expect([value, stderr]).toEqual(["XmlError: rest:1:7: unexpected close tag", ""]);
  });
});

describe("readXml", () => {
  const log: string[] = [];
  const recorder = coroutine(function* recorder(): Receiver<XmlEvent> {
    try {
      for (;;) {
        const event = yield;
        log.push(event.kind === "text" ? event.text : `${event.kind} ${event.name}`);
      }
    } finally {
      log.push("closed");
    }
  });
  beforeEach(() => (log.length = 0));

  test("any chunking gives the same events", () => {
    const document = `<a x="1"><b>é &amp; €</b><c/>tail</a>`;
    const expected = [
      "start a",
      "start b",
      "é & €",
      "end b",
      "start c",
      "end c",
      "tail",
      "end a",
      "closed",
    ];
    for (let size = 1; size <= encode(document).length; size++) {
      log.length = 0;
      const { status } = simulate(function* main() {
        yield* readXml(yield* pour(document, size), "d", recorder());
      });
      expect(status.kind).toBe("exited");
      expect(log).toEqual(expected);
    }
  });

  test("what a piece says is sent with that piece, not with the next", () => {
    const source = new XmlSource("d", recorder());
    source.push("<a>x</a");
    expect(log).toEqual(["start a", "x"]);
    source.push(">");
    expect(log).toEqual(["start a", "x", "end a"]);
  });

  test("the target is closed after an error of the document, of reading, and of its own", () => {
    simulate(function* main() {
      yield* readXml(yield* pour("<a></b>"), "d", recorder());
    });
    expect(log).toEqual(["start a", "closed"]);
    simulate(function* main() {
      yield* readXml(99, "d", recorder());
    });
    expect(log).toEqual(["start a", "closed", "closed"]);

    const picky = coroutine(function* picky(): Receiver<XmlEvent> {
      yield;
      throw new Error("no more");
    });
    const { status } = simulate(
      function* main() {
        yield* readXml(yield* open("/d"), "d", picky());
      },
      { files: { "/d": "<a><b/></a>" } },
    );
    expect(status).toMatchObject({ kind: "crashed", error: { message: "no more" } });
  });
});
