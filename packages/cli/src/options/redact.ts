import { Option } from "commander";

/** `--redact` of commands whose answer is not made again from its options. */
export function redactOption(): Option {
  return new Option("--redact", "host-1, ip-1, mac-1 in place of names, addresses and ids");
}
