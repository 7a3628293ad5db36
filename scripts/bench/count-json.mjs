/** The loop that people write for a journal as JSON: parse every line, look at the message. Prints the count. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const [path, needle] = process.argv.slice(2);
let count = 0;
for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
  if (JSON.parse(line).MESSAGE.includes(needle)) count += 1;
}
console.log(count);
