export function withOutput(guide: string): string;
