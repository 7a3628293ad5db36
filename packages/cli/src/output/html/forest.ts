import { type Forest, forestScale } from "../../layout/forest.js";
import { number } from "../../layout/format.js";
import { html } from "./escape.js";

const WIDTH = 700;
const LEFT = 230;
const RIGHT = 20;
const ROW = 22;
const MOST_CHARACTERS = 34;

/** A forest plot; its numbers stand in the table below it, and in words for those who do not see it. */
export function forestFigure(forest: Forest): string {
  if (forest.rows.length === 0) return "";
  const scale = forestScale(forest);
  const x = (value: number): string => (LEFT + scale.place(value) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const height = forest.rows.length * ROW + 30;
  const drawn = forest.rows.map(({ label, value, lower, upper, counted }, i) => {
    const y = i * ROW + 12;
    const characters = [...label];
    const shown = characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS - 1).join("")}…` : label;
    const own = counted === null ? "" : `<circle class="counted" cx="${x(counted)}" cy="${y}" r="4"/>`;
    return (
      `<text x="0" y="${y + 4}">${html(shown)}</text>` +
      `<line class="ratio" x1="${x(lower)}" x2="${x(upper ?? Number.POSITIVE_INFINITY)}" y1="${y}" y2="${y}"/>` +
      `${own}<circle class="point" cx="${x(value)}" cy="${y}" r="4"/>`
    );
  });
  const bottom = height - 22;
  const ticks = scale.ticks.map(
    (tick) =>
      `<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${bottom}"/>` +
      `<text x="${x(tick)}" y="${height - 6}" text-anchor="middle">${html(number(tick))}</text>`,
  );
  const mean = `<line class="change" x1="${x(forest.reference)}" x2="${x(forest.reference)}" y1="0" y2="${bottom}"/>`;
  const said = forest.rows.map(
    ({ label, value, lower, upper }) =>
      `${label}: ${number(value)}, ${number(lower)} to ${upper === null ? "no limit" : number(upper)}`,
  );
  return (
    `<figure><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${html(`${forest.unit}. ${said.join("; ")}`)}">` +
    `${ticks.join("")}${mean}${drawn.join("")}</svg><figcaption>${html(
      `${forest.unit}, logarithmic: full points with luck taken out and their intervals, empty ones as counted; the dashed line is the fleet's mean, ${number(forest.reference)}. The table below has the numbers.`,
    )}</figcaption></figure>`
  );
}
