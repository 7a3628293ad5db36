import type { FormAbilities } from "@hangproof/parser";
export function formsTable(abilities: Readonly<Record<string, FormAbilities>>): string;
