/**
 * Every way in which output leaves the program, with hostile text in every field that an input reaches. What a form may
 * hold is told by parsers that are not ours, and hostile text must leave the structure as harmless text has it.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Form } from "./form.js";
import { FORMS } from "./forms.js";
import { ALL_HOSTILE, hostileText, PLACEMENTS, type Poison } from "./hostile.js";
import { ORACLES, textOf } from "./oracles.js";
import { BLOCKS } from "./small-forms.js";
import { makeWorld, removeWorld, type World } from "./world.js";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 60_000);
afterAll(() => removeWorld(world));

/** As long as any may take on a busy machine. */
const PATIENCE_MS = 300_000;

const harmless = new Map<string, unknown>();

/** Holds what the form says with a text against what it says with a harmless one. */
async function expectSame(form: Form, poison: Poison): Promise<void> {
  const read = ORACLES[form.syntax];
  const structure = read(await form.render(poison, world));
  if (form.isFree === true) return;
  const { placement } = poison;
  const key = `${form.name} ${placement}`;
  if (!harmless.has(key)) harmless.set(key, read(await form.render({ text: "x", placement }, world)));
  expect(structure).toEqual(harmless.get(key));
}

const ROUNDS = 4;

/** All known texts, so that each stands in other fields in each round; for a form of one place each by itself. */
function known({ isNarrow }: Form): Poison[] {
  if (isNarrow === true) return ALL_HOSTILE.map((text) => ({ text, placement: "behind" }));
  return PLACEMENTS.flatMap((placement) =>
    Array.from({ length: ROUNDS }, (_, round) => {
      const start = Math.floor((ALL_HOSTILE.length * round) / ROUNDS);
      const texts = [...ALL_HOSTILE.slice(start), ...ALL_HOSTILE.slice(0, start)];
      return { text: texts[0]!, placement, texts };
    }),
  );
}

/** The text of many that does the harm. */
async function culprit(form: Form, { placement }: Poison): Promise<string> {
  for (const text of ALL_HOSTILE) {
    const isHarmless = await expectSame(form, { text, placement }).then(
      () => true,
      () => false,
    );
    if (!isHarmless) return JSON.stringify(text);
  }
  return "no text by itself";
}

test("a page and Markdown show what the log says, not what its entities mean", async () => {
  const text = "a &lt;b&gt; &amp; &copy; <u>";
  for (const { syntax, render } of BLOCKS.filter(({ name }) => /page|Markdown/.test(name))) {
    const shown = textOf(syntax, await render({ text, placement: "instead" }, world));
    expect(shown.split(text).length, syntax).toBeGreaterThan(8);
  }
});

describe.each(FORMS)("$name", (form) => {
  test(
    "shows what hides and keeps its structure, for every hostile text that we know",
    async () => {
      for (const poison of known(form))
        await expectSame(form, poison).catch(async (error: unknown) => {
          throw new Error(`${await culprit(form, poison)} ${poison.placement}: ${String(error)}`, { cause: error });
        });
    },
    PATIENCE_MS,
  );

  test(
    "shows what hides and keeps its structure, for any text",
    async () => {
      await fc.assert(
        fc.asyncProperty(hostileText, fc.constantFrom(...PLACEMENTS), (text, placement) =>
          expectSame(form, { text, placement }),
        ),
        { numRuns: 10 },
      );
    },
    PATIENCE_MS,
  );
});
