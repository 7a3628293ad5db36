// Reads a log from standard input, chunk by chunk, in bounded memory, with the parser that knows nothing of Node.
// journalctl -k -o short-iso | node examples/stdin.mjs
import { EvidenceParser } from "@hangproof/parser";

const parser = new EvidenceParser({ evidence: "stdin", timeZone: "Europe/Berlin" });
let hangs = 0;

function count({ events }) {
  for (const event of events) {
    switch (event.kind) {
      case "e1000e.hang":
        hangs += 1;
        break;
      case "e1000e.link_down":
        console.log(`link down on ${event.adapter.interface} at ${new Date(event.time.unixMs).toISOString()}`);
        break;
    }
  }
}

for await (const chunk of process.stdin) count(parser.push(chunk));
count(parser.end());

const { form, lines, bytes } = parser.summary();
console.log(`${form}: ${lines} lines, ${bytes} bytes, ${hangs} hang reports`);
