import { type NeedleOptions, planScan } from "./plan.js";
import { ScalarScanner } from "./scalar-scanner.js";
import type { Scanner } from "./scanner.js";
import { SimdScanner } from "./simd-scanner.js";

export interface ScannerOptions extends NeedleOptions {
  /** Length of the scanner's buffer; default 1 MiB. */
  readonly capacity?: number;
  /** Asks for the scalar twin; default: only where WebAssembly SIMD is missing or forbidden. */
  readonly kind?: "scalar";
}

const DEFAULT_CAPACITY = 2 ** 20;

/**
 * A scanner for ASCII literals of 3 to 255 bytes, none with a NUL or line feed. Cost: planning, 10 to 25 ms for 55
 * needles, so make one a process and use it again; memory of the capacity and 64 KiB. Two scanners share nothing.
 * @throws RangeError for such needles or capacity
 */
export function createScanner(needles: readonly string[], options: ScannerOptions = {}): Scanner {
  const plan = planScan(needles, options);
  const capacity = options.capacity ?? DEFAULT_CAPACITY;
  if (options.kind === "scalar") return new ScalarScanner(plan, capacity);
  try {
    return new SimdScanner(plan, capacity);
  } catch {
    // No WebAssembly, no SIMD in it, or a content security policy against it. A wrong capacity throws again here.
    return new ScalarScanner(plan, capacity);
  }
}
