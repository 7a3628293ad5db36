import { expect, test } from "vitest";
import { holm } from "../../src/stats/holm.js";
import { poissonRate } from "../../src/stats/poisson-rate.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { expectNear, value } from "./near.js";

const RATE = { events: 2, exposure: 10 };
const RATIO = { events: 2, exposure: 10, referenceEvents: 3, referenceExposure: 10 };

/** What is called, and all of what it says. */
const REFUSED: readonly (readonly [call: () => unknown, message: string])[] = [
  [() => poissonRate({ ...RATE, events: 1.5 }), "poissonRate: events must be a whole number from 0 to 2^53, got 1.5"],
  [() => poissonRate({ ...RATE, exposure: -1 }), "poissonRate: exposure must be a finite number, 0 or more, got -1"],
  [() => poissonRate({ ...RATE, exposure: 0 }), "poissonRate: exposure must be above 0 where events is 2, got 0"],
  [() => poissonRate({ ...RATE, level: 1 }), "poissonRate: level must be between 0 and 1, both excluded, got 1"],
  [() => rateRatio({ ...RATIO, events: -1 }), "rateRatio: events must be a whole number from 0 to 2^53, got -1"],
  [() => rateRatio({ ...RATIO, exposure: 0 }), "rateRatio: exposure must be above 0 where events is 2, got 0"],
  [
    () => rateRatio({ ...RATIO, referenceEvents: 0.5 }),
    "rateRatio: referenceEvents must be a whole number from 0 to 2^53, got 0.5",
  ],
  [
    () => rateRatio({ ...RATIO, referenceExposure: 0 }),
    "rateRatio: referenceExposure must be above 0 where referenceEvents is 3, got 0",
  ],
  [() => rateRatio({ ...RATIO, level: 0 }), "rateRatio: level must be between 0 and 1, both excluded, got 0"],
  [() => holm([0.5, 1.5]), "holm: pValues[1] must be a finite number from 0 to 1, got 1.5"],
];

test.each(REFUSED)("%s: the message names the function, the argument, its range and what came", (call, message) => {
  expect(call).toThrow(new RangeError(message));
});

test("what there is too little of is said, and how much would do", () => {
  expect(poissonRate({ events: 0, exposure: 0 })).toEqual({
    status: "insufficient",
    because: "there is no exposure",
    need: "any exposure",
  });
  expect(poissonRate({ events: 0, exposure: 5, truncated: "event" })).toEqual({
    status: "insufficient",
    because: "no event can have ended the watch when none was seen",
    need: "one event",
  });
  expect(rateRatio({ ...RATIO, events: 0, exposure: 0 })).toEqual({
    status: "insufficient",
    because: "the compared side has no exposure",
    need: "exposure on both sides",
  });
  expect(rateRatio({ ...RATIO, referenceEvents: 0, referenceExposure: 0 })).toEqual({
    status: "insufficient",
    because: "the reference side has no exposure",
    need: "exposure on both sides",
  });
});

test("an outcome as likely as the one that was seen counts as much: 2 of 10 at equal exposures is 112 of 1024", () => {
  const got = value(rateRatio({ events: 2, exposure: 7, referenceEvents: 8, referenceExposure: 7 }));
  expectNear(got.pMinimumLikelihood, 112 / 1024);
  expectNear(got.pLess, 56 / 1024);
});

test("exposures whose sum no double holds are compared as smaller ones are", () => {
  const large = value(rateRatio({ ...RATIO, exposure: 1.5e308, referenceExposure: 0.75e308 }));
  const small = value(rateRatio({ ...RATIO, exposure: 2, referenceExposure: 1 }));
  expectNear(large.pLess, small.pLess);
  expectNear(large.pGreater, small.pGreater);
  expectNear(large.pMinimumLikelihood, small.pMinimumLikelihood);
});
