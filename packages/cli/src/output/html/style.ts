/** The page's one style sheet: light and dark, paper, narrow screens. Colours keep 4.5:1 against their ground. */
export const STYLE: string = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1a1d21; --soft: #565d66; --line: #d5dae0; --panel: #f5f7f9;
  --bad: #b3261e; --good: #1b6b3a; --unsure: #7a5200; --window: #7fb2e5; --seen: #dfe5ea; --hang: #c2352b; --change: #6a3fa0; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e6e9ec; --soft: #a3acb5; --line: #343a41;
  --panel: #1d2125; --bad: #ff8a80; --good: #7fd6a0; --unsure: #f0c060; --window: #3f77ad; --seen: #2b3137; --hang: #ff7b70;
  --change: #c3a2f0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
footer { padding: 2rem 1rem; color: var(--soft); }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
.verdict { border-left: .4rem solid var(--soft); background: var(--panel); padding: 1rem 1.25rem; margin: 1rem 0; }
.verdict p { margin: 0; } .verdict p + p { margin-top: .5rem; color: var(--soft); }
.verdict .headline { font-size: 1.35rem; line-height: 1.35; font-weight: 600; }
.verdict.bad { border-color: var(--bad); } .verdict.good { border-color: var(--good); } .verdict.unsure { border-color: var(--unsure); }
p, li { overflow-wrap: anywhere; } ul { padding-left: 1.25rem; }
.warning { color: var(--unsure); font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--soft); } .right { text-align: right; }
figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: .9rem; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.seen { fill: var(--seen); } .window { fill: var(--window); } .hang { fill: var(--hang); } .axis { stroke: var(--line); }
.change { stroke: var(--change); stroke-width: 2; stroke-dasharray: 4 3; } .boot { stroke: var(--soft); } .step { fill: none; stroke: var(--hang); stroke-width: 2; }
.cell { fill: var(--window); } .ratio { stroke: var(--ink); stroke-width: 2; } .point { fill: var(--ink); } .counted { fill: var(--ground); stroke: var(--ink); }
@media print { body { font-size: 11px; } h2 { break-after: avoid; } figure, table, .verdict { break-inside: avoid; } details > * { display: block; } }
`.trim();

/** The style sheet as a content security policy names it; the tests of the page say what it should be. */
export const STYLE_DIGEST: string = "sha256-Q6HWc4PMfwmdR6bKVKib7/x8FM9/e7FzpP8p6nvLfeY=";
