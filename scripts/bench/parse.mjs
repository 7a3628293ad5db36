/** The contender: files into typed events through the library as it is published. Prints the hang reports' count. */
import { openEvidence } from "../../packages/parser/dist/bundled/node.js";

let count = 0;
for await (const { batch } of openEvidence(process.argv.slice(2), { timeZone: "UTC", hash: false })) {
  for (const event of batch.events) if (event.kind === "e1000e.hang") count += 1;
}
console.log(count);
