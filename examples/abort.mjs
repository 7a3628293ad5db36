// Stops reading as soon as the answer is known: here at the first hang report. The signal may as well be a button's
// or AbortSignal.timeout(5_000).
// node examples/abort.mjs LOG...
import { openEvidence } from "@hangproof/parser/node";

const controller = new AbortController();
try {
  for await (const { evidence, batch } of openEvidence(process.argv.slice(2), { signal: controller.signal })) {
    const first = batch.events.find(({ kind }) => kind === "e1000e.hang");
    if (first === undefined) continue;
    console.log(`first hang report: line ${first.provenance.line} of ${evidence.split("/").at(-1)}`);
    controller.abort();
  }
  console.log(controller.signal.aborted ? "the reading had ended already" : "no hang report");
} catch (error) {
  if (error.name !== "AbortError") throw error;
  console.log("stopped there");
}
