/** The package manager of this workspace, as npx fetches it. */
export const PNPM = "pnpm@10.34.9";
