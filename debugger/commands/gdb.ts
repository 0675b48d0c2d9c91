// Words of gdb's and rr's that are no commands here: which to use in their place. They go before
// what they are the beginning of, as `si` of signal.

const ADVICE: readonly (readonly [words: string, advice: string])[] = [
  ["r run start", "continue starts the program; restart runs it anew"],
  ["si stepi ni nexti", "there is nothing smaller than a step: step, next"],
  [
    "rsi rni reverse-stepi reverse-nexti",
    "there is nothing smaller than a step: back, reverse-next",
  ],
  ["rf reverse-finish", "break in the line of the call, and reverse-continue"],
  ["advance", "tbreak LINE, and continue"],
  ["when", "each stop begins with its step; info program tells it again"],
  ["seek", "goto STEP"],
  ["j jump return", "a run cannot be bent; goto STEP travels in it"],
  ["set variable", "a program can only be looked at; signal, tell and choose take a hand"],
  ["call", "print EXPRESSION, which calls what changes nothing"],
  ["show", "info program; limit and layout tell what they are set to"],
  ["x output printf echo ptype whatis explore", "print EXPRESSION"],
  ["commands silent end", "breakpoints have no commands; display shows values at each stop"],
  ["clear", "delete N; info breakpoints lists them"],
  ["breakpoints", "help break tells where to stop; info breakpoints lists them"],
  ["catch tcatch", "break crash, or exit, signal, spawn"],
  ["rwatch awatch", "watch EXPRESSION, which stops at changes; back in time: who"],
  ["checkpoint", "every step is one: goto STEP"],
  ["kill detach", "signal TASK KILL ends a task, restart begins anew, quit ends all"],
  [
    "attach file core inferior",
    "genix debug PROGRAM begins with a program, --recording with a run",
  ],
  ["gcore generate-core-file", "save FILE keeps the whole run"],
  ["record", "every run is recorded; save FILE keeps it"],
  ["handle interrupt", "Ctrl-C stops a run; break signal stops at signals"],
  ["tui focus refresh winheight", "layout, for what stays in sight; Ctrl-L draws it anew"],
  ["shell make pwd cd", "Ctrl-Z leaves to the shell, fg comes back"],
  ["define document python macro", "source FILE does the commands in a file"],
  ["all apropos", "help lists all commands"],
];

const advice = new Map(
  ADVICE.flatMap(([words, advice]) => words.split(" ").map((word) => [word, advice] as const)),
);

/** What to use in the place of a word of theirs; undefined if it is none. */
export function adviceOn(word: string): string | undefined {
  return advice.get(word);
}
