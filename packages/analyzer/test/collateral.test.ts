import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { DAY, event, hang, MINUTE, summary, T0 } from "./support/make-events.js";

const at = T0 + DAY;
const node = { node: 2, link: 0 } as const;
const episodesOf = (extra: readonly Parameters<typeof analyze>[0]["events"][]) => {
  const hangs = Array.from({ length: 5 }, (_, i) => hang(at + i * 2_000));
  const events = [...hangs, ...extra.flatMap((one) => [...one])];
  return analyze({ events, evidence: [summary(T0, T0 + 3 * DAY)] }, { now: T0 + 4 * DAY, timeZone: "UTC" }).series[0]
    ?.episodes;
};

test("what cluster, storage and guests say counts before and during the hang, and no further", () => {
  const episodes = episodesOf([
    [event("cluster.link", at - 11 * MINUTE, { ...node, state: "down" })],
    [event("cluster.link", at - 9 * MINUTE, { ...node, state: "down" })],
    [event("cluster.link", at + 4_000, { ...node, state: "down" })],
    [event("cluster.link", at + 5_000, { ...node, state: "up" })],
    [event("storage.server", at + 6_000, { protocol: "nfs", server: "nas", state: "silent" })],
    [event("storage.server", at + 7_000, { protocol: "nfs", server: "nas", state: "back" })],
    [event("guest.lock", at + 60 * MINUTE, { guest: 103, lock: "backup" })],
  ]);
  expect(episodes).toHaveLength(1);
  expect(episodes?.[0]?.collateral).toEqual([
    { what: "cluster-link-lost", before: 1, during: 1 },
    { what: "server-silent", before: 0, during: 1 },
  ]);
});

test("bridge ports count by the adapter's own name", () => {
  const port = (name: string, state: "disabled" | "forwarding") =>
    event("net.port_state", at + 4_000, { bridge: "vmbr0", interface: name, state });
  const episodes = episodesOf([[port("tap103i0", "disabled"), port("eno1", "disabled"), port("eno1", "forwarding")]]);
  expect(episodes?.[0]?.collateral).toEqual([{ what: "bridge-port-disabled", before: 0, during: 1 }]);
});
