// Elements, and lists of thousands of them of which only those in view exist. All text goes in as
// text, never as HTML. Knows nothing of stories.

/** The element of the page's frame with this id. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element ${id}`);
  return element;
}

export function element(name: string, className = "", text = ""): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** What a colour of the style sheet is now, as the canvas wants it. */
export function colour(name: string): string {
  const probe = byId("colour");
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

/** A list of rows of one height; draws those in view and a few around. */
export class LongList<T> {
  readonly #host: HTMLElement;
  readonly #height: number;
  readonly #draw: (item: T, index: number) => HTMLElement;
  readonly #body = element("div", "rows");
  #items: readonly T[] = [];

  constructor(host: HTMLElement, height: number, draw: (item: T, index: number) => HTMLElement) {
    this.#host = host;
    this.#height = height;
    this.#draw = draw;
    this.#body.setAttribute("role", "presentation");
    host.append(this.#body);
    host.addEventListener("scroll", () => this.redraw(), { passive: true });
    new ResizeObserver(() => this.redraw()).observe(host);
  }

  show(items: readonly T[]): void {
    this.#items = items;
    this.#body.style.height = `${items.length * this.#height}px`;
    this.redraw();
  }

  redraw(): void {
    const { scrollTop, clientHeight } = this.#host;
    const first = Math.max(0, Math.floor(scrollTop / this.#height) - 4);
    const end = Math.ceil((scrollTop + clientHeight) / this.#height) + 4;
    const rows = this.#items.slice(first, end).map((item, offset) => {
      const row = this.#draw(item, first + offset);
      row.style.top = `${(first + offset) * this.#height}px`;
      return row;
    });
    this.#body.replaceChildren(...rows);
  }

  /** Scroll so far that row `index` is well in view; not at all if it is. */
  reveal(index: number): void {
    if (index < 0) return;
    const top = index * this.#height;
    const { scrollTop, clientHeight } = this.#host;
    const margin = Math.min(2 * this.#height, clientHeight / 3);
    if (top < scrollTop + margin || top + this.#height > scrollTop + clientHeight - margin) {
      this.#host.scrollTop = top - clientHeight / 2;
    }
  }
}
