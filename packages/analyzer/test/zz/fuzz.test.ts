import { appendFileSync } from "node:fs";
import { test } from "vitest";
import { xoshiro128 } from "../../src/random/xoshiro128.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { poissonRate } from "../../src/stats/poisson-rate.js";
import { gammaPoisson } from "../../src/stats/gamma-poisson.js";
import { sequentialEvidence, furtherExposureAnytime } from "../../src/stats/sequential.js";
import { power, quietExposure, forecast } from "../../src/stats/waiting.js";
import { verdictLadder } from "../../src/stats/verdict-ladder.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { ratioConfidenceSequence, rateConfidenceSequence } from "../../src/stats/confidence-sequence.js";
const r = xoshiro128(77);
const cnt = () => { const u = r.uniform(); return u < .2 ? 0 : u < .6 ? Math.floor(r.uniform() * 20) : u < .9 ? Math.floor(10 ** (r.uniform() * 7)) : Math.floor(2 ** (r.uniform() * 53)); };
const ex = () => 10 ** (r.uniform() < .7 ? r.uniform() * 8 - 3 : r.uniform() * 560 - 280);
const lv = () => [0.95, 0.5, 0.999, 1 - 1e-10, 1e-6][Math.floor(r.uniform() * 5)]!;
import { writeFileSync } from "node:fs";
const last = (n: string, a: any) => writeFileSync("/tmp/fuzz.last", n + JSON.stringify(a));
const nan = (v: any): boolean => typeof v === "number" ? Number.isNaN(v) : v && typeof v === "object" ? Object.values(v).some(nan) : false;
const seen: Record<string, number> = {}; const slow: Record<string, number> = {};
const t = (n: string, a: any, f: () => any) => { const s = performance.now(); last(n, a); try { const v = f(); if (nan(v)) { if ((seen[n + "nan"] = (seen[n + "nan"] ?? 0) + 1) < 4) appendFileSync("/tmp/fuzz.log", `NAN ${n} ${JSON.stringify(a)} ${JSON.stringify(v)}\n`); } } catch (e) { if ((seen[n] = (seen[n] ?? 0) + 1) < 4) appendFileSync("/tmp/fuzz.log", `THROW ${n} ${JSON.stringify(a)} ${e}\n`); } const d = performance.now() - s; if (d > (slow[n] ?? 60)) { slow[n] = d; appendFileSync("/tmp/fuzz.log", `SLOW ${n} ${d.toFixed(0)} ${JSON.stringify(a)}\n`); } };
test("f", () => {
  for (let i = 0; i < 4000; i++) {
    const c = { events: cnt(), exposure: ex(), referenceEvents: cnt(), referenceExposure: ex() }; const level = lv();
    t("rr", { ...c, level }, () => rateRatio({ ...c, level }));
    t("pr", { ...c, level }, () => poissonRate({ events: c.events, exposure: c.exposure, level }));
    t("gp", { ...c, level }, () => gammaPoisson({ ...c, level }));
    t("se", { ...c, level }, () => sequentialEvidence({ ...c, alpha: 1 - level }));
    t("fe", { ...c }, () => furtherExposureAnytime(c));
    t("pw", { ...c, p: c.exposure }, () => power({ events: c.referenceEvents, exposure: c.referenceExposure, planned: c.exposure, trueRatio: r.uniform(), alpha: 0.05 }));
    t("qe", c, () => quietExposure({ events: c.referenceEvents, exposure: c.referenceExposure }));
    t("fc", c, () => { const f: any = forecast({ events: c.referenceEvents, exposure: c.referenceExposure, next: c.exposure }); return f.status === "ok" ? [f.value, f.value.pAtMost(c.events)] : f; });
    t("vl", c, () => verdictLadder({ ...c, looks: "single" }));
    if (i < 600) t("st", c, () => stratifiedRateRatio([c, { ...c, events: 1, exposure: c.exposure * 2 }]));
    t("cs", c, () => ratioConfidenceSequence(c));
    t("rc", c, () => rateConfidenceSequence({ events: c.events, exposure: c.exposure, priorExposure: c.referenceExposure }));
  }
  appendFileSync("/tmp/fuzz.log", JSON.stringify(seen) + "\n");
}, 300000);
