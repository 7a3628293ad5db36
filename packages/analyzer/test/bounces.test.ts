import { expect, test } from "vitest";
import { bouncesOf } from "../src/episodes/bounces.js";
import { analyze } from "../src/index.js";
import { boot, DAY, linkDown, linkUp, storm, summary, T0 } from "./support/make-events.js";

const END = T0 + 30 * DAY;
const bounced = (startMs: number, seconds: number) => [
  ...storm(startMs, Math.floor(seconds / 2)),
  linkDown(startMs + seconds * 1000),
  linkUp(startMs + seconds * 1000 + 3_000),
];

test("a script that bounces the link is told by its regularity, and is no recovery", () => {
  const nights = [3, 7, 12, 20].map((day) => T0 + day * DAY);
  const { series } = analyze(
    {
      events: [boot(T0), linkUp(T0 + 9_000), ...nights.flatMap((ms, i) => bounced(ms, 30 + (i % 2)))],
      evidence: [summary(T0, END)],
    },
    { now: END },
  );
  expect(series[0]?.episodes.map(({ end }) => end)).toEqual(nights.map(() => "link-cycle"));
  const reasons = series[0]?.verdict.reasons.join(" ");
  expect(reasons).toContain(
    "4 of 4 hangs ended when a script, always after about the same time, took the link down and up",
  );
  expect(reasons).toContain("did not recover by themselves");
});

test("irregular times are a person's or a script's, and one is told in the singular", () => {
  const episode = (seconds: number) => ({ onsetMs: T0, endMs: T0 + seconds * 1000, end: "link-cycle" });
  expect(bouncesOf([episode(20), episode(900), episode(4000)])).toMatchObject({ episodes: 3, isScript: false });
  expect(bouncesOf([episode(20), episode(20)])).toMatchObject({ isScript: false });
  expect(bouncesOf([{ onsetMs: T0, endMs: T0 + 1, end: "driver-reset" }])).toBeNull();
});
