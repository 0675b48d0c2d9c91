// The middle column: a source file with the line where a task stands marked, and in the margin who
// else stands where.

import { isAlive } from "../debugger/page/moment";
import type { Pid } from "../kernel";
import { byId, element } from "./dom";
import { focusOf, nameOf, type Scene } from "./scene";
import { tokens } from "./tokens";

interface Place {
  readonly file: string;
  readonly line: number;
}

/** `/home/me/prog.ts:12` as a file and a line; undefined where it is not known. */
function placeOf(text: string): Place | undefined {
  const [, file = "", line = ""] = /^(.*):(\d+)$/s.exec(text) ?? [];
  return file === "" ? undefined : { file, line: Number(line) };
}

export class SourcePane {
  readonly #sources: Readonly<Record<string, string>>;
  readonly #code = byId("code");
  #file: string | null = null;
  #lines: readonly HTMLElement[] = [];
  #marked: HTMLElement[] = [];

  constructor(sources: Readonly<Record<string, string>>) {
    this.#sources = sources;
  }

  show(scene: Scene): void {
    const pid = focusOf(scene) ?? 0;
    const place = placeOf(scene.moment.tasks.get(pid)?.place ?? "");
    this.#showHeading(scene, pid, place);
    // Of a task that has ended, or has not begun, the file stays that was shown before.
    const file = place?.file ?? this.#file ?? this.#firstFile(scene);
    this.#open(file);
    this.#unmark();
    if (file !== null) this.#markAll(scene, file);
    const line = this.#lines[(place?.line ?? 0) - 1];
    if (line === undefined) return;
    this.#mark(line, "now");
    line.setAttribute("aria-current", "location");
    this.#reveal(line);
  }

  #showHeading(scene: Scene, pid: Pid, place: Place | undefined): void {
    byId("source-who").textContent = pid === 0 ? "" : nameOf(scene, pid);
    byId("release").hidden = scene.picked === null;
    const where = byId("source-place");
    where.textContent = place === undefined ? nowhere(scene) : shortOf(place);
    where.title = place === undefined ? "" : `${place.file}:${place.line}`;
  }

  #firstFile({ story }: Scene): string | null {
    if (story.program in this.#sources) return story.program;
    for (const { place } of story.steps) {
      const file = placeOf(place)?.file;
      if (file !== undefined && file in this.#sources) return file;
    }
    return null;
  }

  #open(file: string | null): void {
    if (file === this.#file && this.#lines.length > 0) return;
    this.#file = file;
    this.#marked = [];
    const text = file === null ? undefined : this.#sources[file];
    if (text === undefined) {
      this.#lines = [];
      const why = file === null ? "No sources came with this recording." : `${file} is not here.`;
      return this.#code.replaceChildren(element("p", "nothing", why));
    }
    this.#lines = tokens(text).map((line, index) => {
      const row = element("div", "line");
      row.dataset["line"] = String(index + 1);
      const code = element("span", "text");
      for (const { kind, text: part } of line) {
        code.append(kind === "" ? part : element("span", kind, part));
      }
      row.append(element("span", "margin", String(index + 1)), code, element("span", "here"));
      return row;
    });
    this.#code.replaceChildren();
    for (const line of this.#lines) this.#code.append(line);
  }

  /** Who stands where in `file`, in the margin of its lines. */
  #markAll(scene: Scene, file: string): void {
    const here = new Map<number, string[]>();
    for (const task of scene.moment.tasks.values()) {
      const place = isAlive(task.state) ? placeOf(task.place) : undefined;
      if (place?.file !== file) continue;
      const names = here.get(place.line) ?? [];
      here.set(place.line, names);
      names.push(nameOf(scene, task.pid));
    }
    for (const [number, names] of here) {
      const line = this.#lines[number - 1];
      if (line === undefined) continue;
      this.#mark(line, "occupied");
      const margin = line.querySelector(".here");
      if (margin === null) continue;
      const more = names.length > 3 ? ` +${names.length - 3}` : "";
      // Each by itself: one that is written from right to left shall not turn the others around.
      margin.textContent =
        names
          .slice(0, 3)
          .map((name) => `\u2068${name}\u2069`)
          .join(", ") + more;
      line.title = names.slice(0, 40).join(", ");
    }
  }

  #mark(line: HTMLElement, kind: string): void {
    line.classList.add(kind);
    this.#marked.push(line);
  }

  #unmark(): void {
    for (const line of this.#marked) {
      line.classList.remove("now", "occupied");
      line.removeAttribute("aria-current");
      line.removeAttribute("title");
      line.querySelector(".here")?.replaceChildren();
    }
    this.#marked = [];
  }

  #reveal(line: HTMLElement): void {
    const { scrollTop, clientHeight } = this.#code;
    const top = line.offsetTop;
    const margin = clientHeight / 5;
    if (top > scrollTop + margin && top < scrollTop + clientHeight - margin) return;
    this.#code.scrollTop = top - clientHeight / 2;
  }
}

function shortOf({ file, line }: Place): string {
  return `${file.split(/[\\/]/).at(-1) ?? file}:${line}`;
}

function nowhere({ moment, picked, event }: Scene): string {
  const task = moment.tasks.get(picked ?? event?.pid ?? 0);
  if (task === undefined) return "";
  return isAlive(task.state) ? "has not begun, or stands in no known place" : "has ended";
}
