export function withPart(document: string, name: string, part: string): string;
export function table(columns: readonly string[], rows: readonly (readonly unknown[])[]): string;
