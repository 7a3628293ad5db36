import { gzipSync } from "node:zlib";

/** One kernel line with its line break. */
export const PACKED_TEXT: string =
  "Oct  5 02:00:00 pve kernel: [    1.000000] e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None\n";

/** The line in base64, by name extension, packed by the tools of the formats' authors. */
export const PACKED_LINE: Readonly<Record<string, string>> = {
  xz: "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AB9AG5dACeYyoILtqUkMO+l5UGpeShaXC3DFPYWzfwwzwXbEjym1sGXL3nVp7DdZJftQkXWpQU66Z3ShE7bhFKeIDr/b+AtlDdrwm8Fxilt1h2RDOYoViAHfQuHuM8oQhw6pjKLAmX9EMmqQU7SCXiGswMAAAAAW8H7f0mhDGcAAYoBfgAAAHwd/sqxxGf7AgAAAAAEWVo=",
  bz2: "QlpoOTFBWSZTWWh36XYAACbfgFAQQAVzEA0nggobLd/AIAByMaMmT0aTTTI0NNAGg1NMgkYg8piaYj0aj9UN48tZhwdtHfvltZc5Ay0nS56+KGxkSB34NQIhMm2NXOSEOoTKxvqAGxAZkM9vdYq8yndfRHEneWi7oqvOwuEg9D4Q8WMxumZiPxdyRThQkGh36XY=",
  zst: "KLUv/SR+VQMA0sYWHFCNWgyb2SZE3k7oEODYO9GWsi8AlgVCYyY5JgQJ6jZfLiTpLkM2mQERzDURzpyYo8U4/EocOT/qGF4KzadW8YHiUKOZKXxhivpXfIkK4TM+1mZndgFb8FIDEQQALhUDVViYcXiBJ8j5Hzs=",
  lz4: "BCJNGGRAp30AAADxFU9jdCAgNSAwMjowMDowMCBwdmUga2VybmVsOiBbICAgIDEuMAEAkF0gZTEwMDBlIA4AAC0A8AsxZi42IGVubzE6IE5JQyBMaW5rIGlzIFVwICgA8BcgTWJwcyBGdWxsIER1cGxleCwgRmxvdyBDb250cm9sOiBOb25lCgAAAAAAcbdW",
  gz: gzipSync(PACKED_TEXT).toString("base64"),
};
