import { Worker } from "node:worker_threads";

/** An input that takes so long does not end. */
const MOST_SECONDS = 60;

const THREAD = `
const { writeFileSync } = require("node:fs");
const { workerData } = require("node:worker_threads");
const { shared, path, seconds } = workerData;
const [state, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
let before = -1;
setInterval(() => {
  if (state[0] !== before) {
    before = state[0];
    return;
  }
  writeFileSync(path, bytes.slice(0, state[1]));
  process.stderr.write("fuzz: an input did not end within " + seconds + " s\\n" + path + "\\n");
  process.kill(process.pid, "SIGKILL");
}, seconds * 1000);
`;

/**
 * Watches from a thread of its own: an input that does not end blocks this one, so that nothing here could say so.
 * @returns to be told of each input before it is fed, and of the end with null
 */
export function watchdog(path, mostBytes) {
  const shared = new SharedArrayBuffer(8 + mostBytes);
  const [state, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const worker = new Worker(THREAD, { eval: true, workerData: { shared, path, seconds: MOST_SECONDS } });
  return (input) => {
    if (input === null) return worker.terminate();
    const kept = input.subarray(0, mostBytes);
    bytes.set(kept);
    state[1] = kept.length;
    state[0] = (state[0] + 1) | 0;
    return undefined;
  };
}
