export interface Reason {
  readonly job: string;
  readonly keptBy: string;
  readonly whyNotOwn: string;
}
export const REASONS: Readonly<Record<string, Reason>>;
