/** The loop that people write first: readline over a file, one string search a line. Prints the count. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const [path, needle] = process.argv.slice(2);
let count = 0;
for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
  if (line.includes(needle)) count += 1;
}
console.log(count);
