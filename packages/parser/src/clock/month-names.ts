/**
 * Abbreviated month names that `strftime("%b")` gives in the locales of the administrators who export logs (glibc
 * locale data: C, en, de, fr, es, it, pt, nl, pl, cs, hr, sv, da, fi, hu, ru). Lower case, without a closing dot.
 */
const NAMES: readonly (readonly string[])[] = [
  ["jan", "janv", "ene", "gen", "sty", "led", "sij", "tammi", "янв", "januar"],
  ["feb", "févr", "fev", "fév", "lut", "úno", "vel", "veljača", "helmi", "febr", "фев", "februar"],
  ["mar", "mär", "mars", "märz", "mrt", "bře", "ožu", "maalis", "márc", "мар", "março"],
  ["apr", "avr", "abr", "kwi", "dub", "tra", "huhti", "ápr", "апр", "avril", "april"],
  ["may", "mai", "mag", "maj", "mei", "kvě", "svi", "touko", "máj", "мая", "май"],
  ["jun", "juin", "giu", "cze", "čen", "kesä", "jún", "июн", "juni"],
  ["jul", "juil", "lug", "lip", "čec", "heinä", "júl", "июл", "juli"],
  ["aug", "août", "ago", "sie", "srp", "kol", "elo", "авг", "august"],
  ["sep", "sept", "set", "wrz", "zář", "ruj", "syys", "szept", "сен", "september"],
  ["oct", "okt", "ott", "out", "paź", "říj", "loka", "окт", "oktober"],
  ["nov", "lis", "stu", "marras", "ноя", "november"],
  ["dec", "dez", "déc", "dic", "gru", "pro", "joulu", "дек", "des", "december"],
];

const MONTHS: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, index) => names.map((name) => [name, index + 1] as const)),
);

/** Month 1 to 12; null when the word is no month. Two names mean different months in two locales and are given to one. */
export function monthOf(word: string): number | null {
  const bare = word.toLowerCase().replace(/\.$/, "");
  return MONTHS.get(bare) ?? null;
}
