// What kind of thing a piece of text is, for whoever prints it to show. Knows no colours.

export type Role = "heading" | "task" | "call" | "place" | "value" | "faint" | "mark" | "bad";

export type Paint = (role: Role, text: string) => string;
