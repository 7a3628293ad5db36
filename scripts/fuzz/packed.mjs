/** One line of a log, packed by each tool; and a tar archive of it. */
const LINE = "Oct  5 02:00:00 pve kernel: usb 1-5: USB disconnect, device number 11\n";
const bytesOf = (base64) => new Uint8Array(Buffer.from(base64, "base64"));

export const xz = bytesOf(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AB9AG5dACeYyoILtqUkMO+l5UGpeShaXC3DFPYWzfwwzwXbEjym1sGXL3nVp7DdZJftQkXWpQU66Z3ShE7bhFKeIDr/b+AtlDdrwm8Fxilt1h2RDOYoViAHfQuHuM8oQhw6pjKLAmX9EMmqQU7SCXiGswMAAAAAW8H7f0mhDGcAAYoBfgAAAHwd/sqxxGf7AgAAAAAEWVo=",
);
export const bzip2 = bytesOf(
  "QlpoOTFBWSZTWWh36XYAACbfgFAQQAVzEA0nggobLd/AIAByMaMmT0aTTTI0NNAGg1NMgkYg8piaYj0aj9UN48tZhwdtHfvltZc5Ay0nS56+KGxkSB34NQIhMm2NXOSEOoTKxvqAGxAZkM9vdYq8yndfRHEneWi7oqvOwuEg9D4Q8WMxumZiPxdyRThQkGh36XY=",
);
export const zstd = bytesOf(
  "KLUv/SR+VQMA0sYWHFCNWgyb2SZE3k7oEODYO9GWsi8AlgVCYyY5JgQJ6jZfLiTpLkM2mQERzDURzpyYo8U4/EocOT/qGF4KzadW8YHiUKOZKXxhivpXfIkK4TM+1mZndgFb8FIDEQQALhUDVViYcXiBJ8j5Hzs=",
);
export const lz4 = bytesOf(
  "BCJNGGRAp30AAADxFU9jdCAgNSAwMjowMDowMCBwdmUga2VybmVsOiBbICAgIDEuMAEAkF0gZTEwMDBlIA4AAC0A8AsxZi42IGVubzE6IE5JQyBMaW5rIGlzIFVwICgA8BcgTWJwcyBGdWxsIER1cGxleCwgRmxvdyBDb250cm9sOiBOb25lCgAAAAAAcbdW",
);
export const tar = archive("kern.log", LINE);

/** POSIX.1-1988, one file. */
function archive(name, text) {
  const block = Buffer.alloc(512);
  const field = (at, value) => block.write(value, at, "latin1");
  field(0, name);
  field(100, "0000644\0");
  field(108, "0000000\0");
  field(116, "0000000\0");
  field(124, `${text.length.toString(8).padStart(11, "0")}\0`);
  field(136, "15070000000\0");
  field(148, "        ");
  field(156, "0");
  field(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  field(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text, "latin1");
  return new Uint8Array(Buffer.concat([block, body, Buffer.alloc(1024)]));
}
