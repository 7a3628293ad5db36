/**
 * Lines such as kernel logs and journals are full of, none of which matters here. What a fingerprint would find in them
 * it finds in vain. Only speed depends on this text, never a result.
 */
const USUAL_TEXT = `
Jan  9 10:14:09 pve1 kernel: fwbr100i0: port 2(tap100i0) entered disabled state
Mar 14 05:22:31 host kernel: [12345.678901] audit: type=1400 audit(1757985613.372:8047): apparmor="DENIED" operation="mount" class="mount" profile="lxc-105_</var/lib/lxc>" name="/run/systemd/unit-root/" pid=26804 comm="(networkd)"
2026-08-25T17:38:06.123456+02:00 node kernel: perf: interrupt took too long (6172 > 2482), lowering kernel.perf_event_max_sample_rate to 53000
kvm: vcpu1, guest rIP: 0xfffffffff7726327 ignored rdmsr: 0x16c
EXT4-fs (dm-4): mounted filesystem with ordered data mode. Quota mode: none.
usb 1-5: new high-speed USB device number 11 using xhci_hcd
hrtimer: interrupt took 8216 ns
systemd[1]: Started session-42.scope - Session 42 of User root.
systemd[1]: Finished logrotate.service - Rotate log files. Consumed 1.234s CPU time.
sshd[2201]: pam_unix(sshd:session): session opened for user admin(uid=1000) by (uid=0)
CRON[4711]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)
postfix/smtpd[991]: connect from unknown[192.168.1.20]
pvedaemon[1234]: <root@pam> successful auth for user 'root@pam'
IPv6: ADDRCONF(NETDEV_CHANGE): veth105i0: link becomes ready
device tap100i0 left promiscuous mode
pci 0000:00:1f.3: reg 0x10: [mem 0x6001120000-0x6001123fff 64bit]
ACPI: IRQ 9 used by override. BIOS-e820: [mem 0x0000000000100000-0x0000000009bfefff] usable
nfs: server 10.0.0.7 not responding, still trying
{"__REALTIME_TIMESTAMP":"1757985613372000","_BOOT_ID":"ab12cd34ef56","_HOSTNAME":"pve","MESSAGE":"","PRIORITY":"6","_TRANSPORT":"kernel"}
`;

/** What follows one byte in the usual text: pairs of bytes, once each, with their share of all places. */
export interface Followers {
  readonly first: number;
  readonly seconds: Uint8Array;
  readonly thirds: Uint8Array;
  readonly shares: Float64Array;
}

/** All neighbouring three bytes of the usual text, by their first. Cost: 2 kB of text. */
export function usualTrigrams(): readonly Followers[] {
  const counts = new Map<string, number>();
  for (let at = 0; at + 3 <= USUAL_TEXT.length; at += 1) {
    const three = USUAL_TEXT.slice(at, at + 3);
    counts.set(three, (counts.get(three) ?? 0) + 1);
  }
  const groups = new Map<number, [three: string, count: number][]>();
  for (const one of counts) {
    const first = one[0].charCodeAt(0);
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [one]);
    else group.push(one);
  }
  return [...groups].map(([first, all]) => ({
    first,
    seconds: Uint8Array.from(all, ([three]) => three.charCodeAt(1)),
    thirds: Uint8Array.from(all, ([three]) => three.charCodeAt(2)),
    shares: Float64Array.from(all, ([, count]) => count / (USUAL_TEXT.length - 2)),
  }));
}
