import type { Poison } from "./hostile.js";
import type { World } from "./world.js";

/** How a form is read by what it is made for. */
export type Syntax =
  | "terminal"
  | "markdown"
  | "html"
  | "json"
  | "csv"
  | "prometheus"
  | "calendar"
  | "plugin"
  | "systemd"
  | "crontab"
  | "arguments"
  | "shell"
  | "manual";

/** One way in which output leaves the program. */
export interface Form {
  readonly name: string;
  readonly syntax: Syntax;
  /** One text has one place in it: each is tried by itself. */
  readonly isNarrow?: boolean;
  /** What a text names decides how much there is to say; then only the grammar is held. */
  readonly isFree?: boolean;
  /** What it holds when every field that an input reaches has the text. */
  render(poison: Poison, world: World): Promise<string>;
}
