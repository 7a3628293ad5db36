import fc from "fast-check";

/** What a log, a file's name or a note may hold to harm whoever reads the output, by what it is aimed at. */
const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  terminal: [
    "\x1b]0;owned\x07",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b[2J\x1b[H",
    "\x1b[1m",
    "\u009b31m",
    "\u009d0;owned\u009c",
    "\u0090q\u009c",
    "\x07\x08\x0b\x0c\x0e\x0f\x7f",
    "\0",
    "over\rwritten",
    "one\r\nNov  2 02:14:07 pve1 kernel: two",
    "\u0085next",
  ],
  reader: [
    "\u202egnp.exe\u202c",
    "\u202a\u202b\u202d",
    "\u2066isolate\u2069\u2067\u2068",
    "\u200e\u200f\u061c",
    "a\u200bb\u200c\u200d\u2060\ufeff",
    "\u2028line\u2029paragraph",
    "\u{e0001}\u{e0041}\u{e007f}",
    "x\ufe0f\ufe00\u{e0100}\u180b",
    "\u00ad\u180e\u115f\u1160\u3164\uffa0\u034f\u17b4",
    "\ufff9note\ufffa\ufffb",
    "\ud800",
    "\udc00x\udbff",
    "\ufdd0\uffff\u{1fffe}",
    "\u2061\u206a\u{1d173}\u{1bca0}",
    "😀".repeat(40),
    `x${"😀".repeat(60)}`,
  ],
  spreadsheet: [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    'a","=1+1',
    "a;=1+1",
    'a;"=1+1"',
    "a\t=1+1",
    "a|=1+1",
    '"',
    "'=1",
  ],
  page: [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style></title></textarea></pre></svg><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "' onmouseover='alert(1)",
    "<!--",
    "--><b>",
    "]]>",
    "<![CDATA[",
    "<?php ?>",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&",
    "`$" + "{alert(1)}`",
    "<svg/onload=alert(1)>",
  ],
  markdown: [
    "```\n# heading",
    "~~~",
    "`code`",
    "``` ```` `````",
    "```",
    "``````",
    "| cell | cell |",
    "\\| cell",
    "|",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "[x]: http://evil.example",
    "[^1]",
    "[ ] task",
    "<http://evil.example>",
    "<b>bold</b>",
    "http://evil.example/x",
    "HTTPS://evil.example/x",
    "ftp://evil.example/x",
    "www.evil.example",
    "WWW.evil.example",
    "someone@evil.example",
    "a.b+c@d-e.f_g",
    "x://evil.example",
    "owner/repository#12 #34 GH-56",
    "\u3000wide\u3000",
    "  ",
    "mailto:someone@evil.example",
    "xmpp:someone@evil.example/x",
    "@everybody look",
    "(@team)",
    "**bold** _it_ ~~gone~~ ***x***",
    "# heading",
    "heading\n===",
    "heading\n---",
    "---",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "> quote",
    "    code",
    "\tcode",
    "  two blanks",
    "line  \nbreak",
    "\\",
    "back\\slash\\`",
    "$$x^2$$ $y$",
    "{{7*7}} {% raw %}",
    "==marked==",
    "&copy; &#x40;team",
  ],
  metrics: ['a"} 1\nevil{x="', "\\", 'x\\"', "x\\n", "a{b}=1", "#", 'x"'],
  plugin: ["a | 'x'=1;;;0", "OK|evil=1", "'", "=", "CRITICAL\nOK"],
  calendar: ["x\r\nEND:VEVENT\r\nBEGIN:VALARM", "a;b,c:d", 'x";TZID=evil'],
  units: [
    "%h %n %%",
    "$HOME $" + "{PATH} $$",
    '"',
    "'",
    "\\",
    "x\\",
    "; /bin/evil",
    "#",
    "x\nExecStart=/bin/evil",
    "a b",
  ],
  program: ["-rf", "--output=/etc/passwd", "@/etc/passwd", "$(reboot)", "`reboot`", "; reboot", "{host}", "%s %n"],
  language: ["__proto__", "constructor", "toString", "hasOwnProperty", "undefined", "NaN", "$&", "$1", "$`"],
};

export const ALL_HOSTILE: readonly string[] = Object.values(HOSTILE).flat();

/** One of them, two joined, or anything at all, down to the code unit. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ALL_HOSTILE),
  fc.tuple(fc.constantFrom(...ALL_HOSTILE), fc.constantFrom(...ALL_HOSTILE)).map(([a, b]) => a + b),
  fc.string({ unit: "binary", minLength: 1 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), minLength: 1 }),
  fc.string({ unit: fc.constantFrom(..."@#:/.-=+|`*_~[]()<>!&;\\\"'{}$%^ \n\t0a"), minLength: 1, maxLength: 12 }),
);

/** Where the text goes: in front of what a field says, behind it, or in its place. */
export const PLACEMENTS = ["before", "behind", "instead"] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** Fields whose values are the program's own words, a zone or a moment: no text of an input gets there. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  (
    "kind source trust rung unit status end endBasis outcome mode reason form zone timeZone looks cameFirst check code " +
    "factor what level severity how result basis driverKind sha256 utc assoc whatFor fullness method yearSource " +
    "endedBy verdict change phase role action from to side direction"
  ).split(" "),
);

/** Texts, and where they are put. */
export interface Poison {
  /** Where there is one place for a text. */
  readonly text: string;
  readonly placement: Placement;
  /** Where there are many: each field has the next of them. */
  readonly texts?: readonly string[];
}

/** The same data with the texts in every field that an input reaches. */
export function infected<Value>(value: Value, { text, placement, texts = [text] }: Poison): Value {
  let fields = 0;
  const put = (one: string): string => {
    const next = texts[fields++ % texts.length] ?? text;
    return placement === "instead" ? next : placement === "before" ? next + one : one + next;
  };
  const walk = (one: unknown, field: string): unknown => {
    if (typeof one === "string") return OWN_WORDS.has(field) ? one : put(one);
    if (Array.isArray(one)) return one.map((part) => walk(part, field));
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, part]) => [key, walk(part, key)]));
  };
  return walk(value, "") as Value;
}
