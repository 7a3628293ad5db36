/** `1 host`, `2 hosts`. */
export function many(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** Three digits that matter, and whole numbers from 100 on. */
export function round(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
