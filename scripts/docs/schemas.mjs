import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The JSON Schema of `hangproof report --format json`, from the types of the report model. */
export function reportSchema() {
  const schema = schemaOf("analyzer", "report.ts", "Report");
  return schemaText(schema, {
    id: `urn:hangproof:schema:report:${schema.properties.reportVersion.const}`,
    title: "Report of hangproof",
    description:
      "What `hangproof report --format json` prints. Times are Unix milliseconds, UTC. A later version of the same number may add fields, and changes the meaning of none.",
  });
}

/** The JSON Schema of one line of `hangproof events`, from the types of the events. */
export function eventSchema() {
  const schema = schemaOf("parser", "model/event.ts", "KernelEvent");
  const { EventTime } = schema.definitions;
  const { uncertaintyMs } = EventTime.properties;
  // The two things in which a printed event is not the event in memory (packages/cli/src/output/ndjson.ts).
  EventTime.properties = {
    utc: {
      type: ["string", "null"],
      description: "`unixMs` as ISO 8601, UTC, cut to milliseconds; null when it is null.",
    },
    ...EventTime.properties,
    uncertaintyMs: {
      type: ["number", "null"],
      description: uncertaintyMs.description.replace("`Infinity` when", "Null when"),
    },
  };
  EventTime.required = ["utc", ...EventTime.required];
  return schemaText(schema, {
    id: "urn:hangproof:schema:event:1",
    title: "Event of hangproof",
    description:
      "One line of `hangproof events`. A later version of the same number may add kinds and fields, and changes the meaning of none.",
  });
}

function schemaOf(name, file, type) {
  const root = fileURLToPath(new URL(`../../packages/${name}/`, import.meta.url));
  return createGenerator({
    path: `${root}src/${file}`,
    tsconfig: `${root}tsconfig.json`,
    type,
    topRef: false,
    sortProps: false,
    skipTypeCheck: true,
    encodeRefs: false,
    functions: "fail",
  }).createSchema(type);
}

/** The generator speaks draft 7; of what it uses, 2020-12 renamed `definitions` only. */
function schemaText({ $schema: _, definitions, ...root }, { id, title, description }) {
  // A type that has no name of its own has one of positions in the source: it stands where it is used instead.
  const resolved = (_key, value) => {
    const name = typeof value?.$ref === "string" ? value.$ref.slice("#/definitions/".length) : null;
    if (name === null) return value;
    const { $ref: _ref, ...more } = value;
    return isNamed(name) ? { ...more, $ref: `#/$defs/${plainName(name)}` } : { ...definitions[name], ...more };
  };
  const named = Object.entries(definitions).filter(([name]) => isNamed(name));
  const $defs = Object.fromEntries(named.map(([name, schema]) => [plainName(name), schema]));
  return `${JSON.stringify({ $schema: DIALECT, $id: id, title, description, ...root, $defs }, resolved, 2)}\n`;
}

const isNamed = (name) => /^\w+$/.test(plainName(name));

/** `Outcome<Waiting>` as a name that needs no escaping in a reference. */
const plainName = (name) => name.replace(/<(\w+)>/g, "Of$1");
