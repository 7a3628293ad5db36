export function reportSchema(): string;
export function eventSchema(): string;
