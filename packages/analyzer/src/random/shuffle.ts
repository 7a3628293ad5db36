import type { RandomSource } from "./random-source.js";

/**
 * Puts a list into a random order, in place; every order is equally likely. O(n).
 * @see R. Durstenfeld (1964), Algorithm 235
 */
export function shuffle<Item>(items: Item[], random: RandomSource): Item[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const item = items[i] as Item;
    items[i] = items[j] as Item;
    items[j] = item;
  }
  return items;
}
