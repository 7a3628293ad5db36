/** Words that readers look for: put in the wrong place they find more than random bytes do. */
const WORDS = [
  "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:\n",
  "  TDH                  <a5>\n",
  "MAC Status             <80083>\n",
  "Oct  5 02:00:01 pve kernel: ",
  "2025-10-05T02:00:01+02:00 pve kernel: ",
  "[   12.000000] ",
  "<3>[   12.000000] ",
  "6,812,5123250000,-;",
  "UPID:pve1:0003587E:08DCADA4:68CF4001:vzdump::root@pam:",
  "INFO: Starting Backup of VM 103 (qemu)\n",
  '{"MESSAGE":"',
  '"__REALTIME_TIMESTAMP":"',
  "__CURSOR=s=",
  "MESSAGE\n\u0010\0\0\0\0\0\0\0",
  "-- Boot ",
  "#012",
  "\\x0a",
  "\u001b[31m",
  "LPKSHHRH",
  "\u001f\u008b",
  "BZh9",
  "(\u00b5/\u00fd",
  "\u00fd7zXZ\0",
  '\u0004"M\u0018',
  "ustar\0",
  "\r\n",
  "\n\n",
  "\0\0\0\0",
  "\u00ff\u00fe",
  "63 <6>1 ",
  "options e1000e InterruptThrottleRate=3\n",
  "iface eno1 inet manual\n",
  "Features for eno1:\n",
  "999999999999999999",
].map((word) => Uint8Array.from(word, (character) => character.charCodeAt(0) & 255));

/** A small generator of random numbers (Marsaglia's xorshift32); the same seed gives the same inputs. */
export function randomOf(seed) {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A changed copy of a seed, or of a mix of two: one to eight changes. */
export function mutated(random, seeds, mostBytes = 65_536) {
  let bytes = seeds[random(seeds.length)];
  if (bytes.length > mostBytes) {
    const from = random(bytes.length - mostBytes);
    bytes = bytes.subarray(from, from + mostBytes);
  }
  for (let changes = 1 + random(8); changes > 0; changes -= 1) bytes = changed(random, bytes, seeds);
  return bytes;
}

function changed(random, bytes, seeds) {
  const at = random(bytes.length + 1);
  const some = random(64);
  switch (random(8)) {
    case 0: {
      const copy = bytes.slice();
      for (let flips = 1 + random(8); flips > 0 && copy.length > 0; flips -= 1)
        copy[random(copy.length)] ^= 1 << random(8);
      return copy;
    }
    case 1:
      return joined(bytes.subarray(0, at), WORDS[random(WORDS.length)], bytes.subarray(at));
    case 2:
      return joined(bytes.subarray(0, at), bytes.subarray(at + some));
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - some)));
    case 4:
      return bytes.slice(0, at);
    case 5: {
      const other = seeds[random(seeds.length)];
      const from = random(other.length + 1);
      return joined(bytes.subarray(0, at), other.subarray(from, from + 4096), bytes.subarray(at));
    }
    case 6: {
      const copy = bytes.slice();
      copy.fill([0, 10, 32, 255][random(4)], at, at + some);
      return copy;
    }
    default: {
      const copy = bytes.slice();
      // Lengths and offsets stand in eight bytes, little end first.
      for (let place = 0; place < 8; place += 1)
        if (at + place < copy.length) copy[at + place] = random(3) === 0 ? 255 : random(256);
      return copy;
    }
  }
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
