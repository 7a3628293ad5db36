export type RandomBelow = (below: number) => number;
export function randomOf(seed: number): RandomBelow;
export function mutated(random: RandomBelow, seeds: readonly Uint8Array[], mostBytes?: number): Uint8Array;
