/** Bob Jenkins' lookup3 `hashlittle2` with both seeds 0, as `src/journal-file/jenkins-lookup3.ts` has it. */

/** The 32 bits at `at`, those behind `to` being 0. Reads up to 3 bytes behind it. */
function bits(at: usize, to: usize): u32 {
  if (at >= to) return 0;
  return to - at >= 4 ? load<u32>(at) : load<u32>(at) & (((1 as u32) << (((to - at) as u32) << 3)) - 1);
}

/** Of [from, to); the first result in the high half. */
export function jenkinsLookup3(from: usize, to: usize): u64 {
  let a: u32 = 0xdeadbeef + ((to - from) as u32);
  let b = a;
  let c = a;
  let at = from;
  for (; to - at > 12; at += 12) {
    a += load<u32>(at);
    b += load<u32>(at, 4);
    c += load<u32>(at, 8);
    a = (a - c) ^ rotl<u32>(c, 4);
    c += b;
    b = (b - a) ^ rotl<u32>(a, 6);
    a += c;
    c = (c - b) ^ rotl<u32>(b, 8);
    b += a;
    a = (a - c) ^ rotl<u32>(c, 16);
    c += b;
    b = (b - a) ^ rotl<u32>(a, 19);
    a += c;
    c = (c - b) ^ rotl<u32>(b, 4);
    b += a;
  }
  if (at < to) {
    a += bits(at, to);
    b += bits(at + 4, to);
    c += bits(at + 8, to);
    c = (c ^ b) - rotl<u32>(b, 14);
    a = (a ^ c) - rotl<u32>(c, 11);
    b = (b ^ a) - rotl<u32>(a, 25);
    c = (c ^ b) - rotl<u32>(b, 16);
    a = (a ^ c) - rotl<u32>(c, 4);
    b = (b ^ a) - rotl<u32>(a, 14);
    c = (c ^ b) - rotl<u32>(b, 24);
  }
  return ((c as u64) << 32) | (b as u64);
}
