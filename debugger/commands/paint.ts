// What kind of thing a piece of text is, for whoever prints it to show. Knows no colours.

export type Role = "heading" | "task" | "call" | "place" | "value" | "faint" | "mark" | "bad";

export type Paint = (role: Role, text: string) => string;

/** Shows nothing: for scripts and tests. */
export const plain: Paint = (_role, text) => text;
