const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 48;
const RIGHT = 190;
const TOP = 12;
const BOTTOM = 36;
const COLOURS = ["#b3261e", "#a66a00", "#1b6b3a", "#1f5fa8", "#6a3fa0"];

/**
 * Share of hosts for which an improvement had been shown by each weekly look, as a picture.
 * @param curves name and, per week from 0, a share of 0 to 1
 */
export function plotShares(curves) {
  const weeks = Math.max(...curves.map(({ shares }) => shares.length - 1));
  const x = (week) => (LEFT + (week / weeks) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (share) => (HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const grid = [0, 0.05, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}" stroke="#888" stroke-opacity="${share === 0.05 ? 1 : 0.3}"${share === 0.05 ? ' stroke-dasharray="4 3"' : ""}/>` +
      `<text x="${LEFT - 6}" y="${y(share)}" dy="4" text-anchor="end">${share * 100} %</text>`,
  );
  const ticks = [0, 13, 26, 39, 52]
    .filter((week) => week <= weeks)
    .map((week) => `<text x="${x(week)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${week}</text>`);
  // Labels keep 15 units apart, in the order of their curves' ends.
  let last = HEIGHT;
  const labelled = [...curves.entries()]
    .sort(([, a], [, b]) => (a.shares.at(-1) ?? 0) - (b.shares.at(-1) ?? 0))
    .map(([i, { name, shares }]) => {
      last = Math.min(Number(y(shares.at(-1) ?? 0)), last - 15);
      return `<text x="${WIDTH - RIGHT + 8}" y="${last}" dy="4" style="fill:${COLOURS[i % COLOURS.length]}">${name}</text>`;
    });
  const lines = curves.map(({ shares }, i) => {
    const path = shares
      .map((share, week) => (week === 0 ? `M${x(0)} ${y(share)}` : `H${x(week)}V${y(share)}`))
      .join("");
    return `<path d="${path}" fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="2"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Share of hosts for which an improvement had been shown, by weeks since the change">
<style>svg { background: #fff } text { font: 12px sans-serif; fill: #444 }</style>
${[...grid, ...ticks, ...lines, ...labelled].join("\n")}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">weeks since the change</text>
</svg>
`;
}
