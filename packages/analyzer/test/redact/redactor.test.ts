import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Redactor } from "../../src/redact/redactor.js";

const UUID = "5b1f8b34-6e0a-4a0e-9d1c-3a5f7c2b9e10";

describe("Redactor", () => {
  it("gives the same identifier the same substitute, in fields and inside text, short name or long", () => {
    const redacted = new Redactor().data({
      host: "zürich-7.example.org",
      mac: "AA:BB:CC:00:11:22",
      text: "log/zürich-7_kern.log from ZÜRICH-7 at 192.0.2.7, again 192.0.2.7 and fe80::1, aa-bb-cc-00-11-22",
    });
    expect(redacted).toEqual({
      host: "host-1",
      mac: "mac-1",
      text: "log/host-1_kern.log from host-1 at ip-1, again ip-1 and ip-2, mac-1",
    });
  });

  it("leaves PCI addresses, releases, times, registers and SHA-256 sums alone", () => {
    const text = `0000:00:19.0 6.8.12-4-pve 3.2.6-k 2025-10-05T02:41:07Z 02:41:07 TDH <e4> ${"ab".repeat(32)}`;
    expect(new Redactor().data({ text, sha256: "cd".repeat(32) })).toEqual({ text, sha256: "cd".repeat(32) });
  });

  it("leaves no generated identifier anywhere", () => {
    const name = fc.stringMatching(/^q[a-z]{5,9}x[0-9]{2}$/);
    fc.assert(
      fc.property(name, name, fc.ipV4(), fc.ipV6(), (host, guest, ip4, ip6) => {
        fc.pre(ip6 !== "::" && ip6.includes(":") && !ip6.includes("."));
        const text = `${host} [${ip4}] (${ip6}) ${guest}.log ${UUID}`;
        const shown = JSON.stringify(new Redactor().data({ host, guests: [guest], evidence: `/x/${host}.gz`, text }));
        for (const one of [host, guest, UUID, `[${ip4}]`, `(${ip6})`]) expect(shown).not.toContain(one);
      }),
    );
  });

  it("replaces the folders of evidence wherever they stand, and keeps file names, words and interfaces", () => {
    const redacted = new Redactor().data({
      paths: ["/srv/acme", "eno1/kern.log", "./a.log"],
      evidence: ["/srv/acme/old/kern.log", "/srv/acme/kern.log"],
      interface: "eno1",
      text: "/srv/acme/old/kern.log:7, not /srv/acmecorp/x, eno1 is up",
    });
    expect(redacted).toEqual({
      paths: ["dir-1", "dir-2/kern.log", "./a.log"],
      evidence: ["dir-3/kern.log", "dir-1/kern.log"],
      interface: "eno1",
      text: "dir-3/kern.log:7, not dir-4/acmecorp/x, eno1 is up",
    });
  });

  it("leaves no generated folder anywhere", () => {
    const folder = fc.stringMatching(/^q[a-z ()+$]{5,9}x[0-9]{2}$/);
    fc.assert(
      fc.property(fc.array(folder, { minLength: 1, maxLength: 4 }), fc.constantFrom("/", "", "../"), (names, root) => {
        const path = `${root}${names.join("/")}`;
        const evidence = `${path}/kern.log`;
        const shown = JSON.stringify(
          new Redactor().data({ paths: [path], evidence, text: `at ${evidence}:12 (${path}/b)` }),
        );
        for (const one of names) expect(shown).not.toContain(one);
        expect(shown).toContain("/kern.log");
      }),
    );
  });
});

it("replaces names of users before a realm whole, and passes a million letters without one in time", () => {
  const redactor = new Redactor();
  const text = redactor.text("guest by 9lives.x-y@pve and root@pam, not @pam");
  expect(text).not.toMatch(/lives|root/);
  expect(text).toMatch(/^guest by \S+@pve and \S+@pam, not @pam$/);
  const many = "a".repeat(1_000_000);
  expect(redactor.text(many)).toBe(many);
});
