import { table } from "./generated.mjs";

const NONE = "–";
const MULTI_LINE = { exact: "yes", indent: "by indent", escape: "escaped", repeat: "head repeated" };
const ZONES = { utc: "UTC", offset: "offset", name: "name", none: "not named" };
const BOOTS = { id: "id", marker: "from the 2nd on", banner: "by the banner" };

/** What every form keeps and loses, from the parser's own table. */
export function formsTable(abilities) {
  const rows = Object.entries(abilities).map(([form, one]) => [
    `\`${form}\``,
    one.madeBy,
    one.wall ?? NONE,
    one.wall === null ? NONE : ZONES[one.zone],
    one.wall === null ? NONE : one.year ? "yes" : "no",
    one.monotonic ?? NONE,
    one.host ? "yes" : NONE,
    one.boot === null ? NONE : BOOTS[one.boot],
    one.vouches ? "yes" : NONE,
    one.priority ? "yes" : NONE,
    one.multiLine === null ? NONE : MULTI_LINE[one.multiLine],
    one.bytes ? "yes" : NONE,
  ]);
  return table(
    [
      "form",
      "made by",
      "wall time",
      "zone",
      "year",
      "since boot",
      "host",
      "boots",
      "vouches for the kernel",
      "priority",
      "lines of one record",
      "bytes that are no text",
    ],
    rows,
  );
}
