/** Every sentence on failure modes: what speaks for and against them, and what to do. */
import type { EpisodeEnd, FailureMode } from "../report.js";

const s = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
const of = (n: number, all: number): string =>
  n === all ? (n === 1 ? "the report" : `all ${n} reports`) : `${n} of ${all} reports`;

/** Milliseconds in the unit that suits them. */
function span(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toPrecision(2))} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 72 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

const ENDS: Readonly<Record<EpisodeEnd, string>> = {
  "driver-reset": "the driver's reset",
  "link-cycle": "the link went down and up",
  "driver-reload": "the driver was loaded again",
  reboot: "the host was rebooted",
  "host-crash": "the host went down without a word",
  "stall-dissolved": "it went away",
  "log-ends": "the log ends",
};

export const nothingDecides = (reports: number): string =>
  reports === 1
    ? "one report on its own fits every kind of hang: what the head does next, and how it ends, decide"
    : "nothing in the log speaks clearly for one kind of failure";

export const judgedDriver = (driver: string): string =>
  `the report is on ${driver}: the ways in which e1000e fails are not weighed for it`;
export const otherDrivers = (drivers: readonly string[]): string =>
  `the hangs, resets and timeouts in it are of ${drivers.join(", ")}, not of e1000e`;
export const ownReportsToo = (n: number): string =>
  `${s(n, "hang report")} of e1000e ${n === 1 ? "stands" : "stand"} beside them`;

export const allOnes = (n: number, all: number): string =>
  `registers read all ones in ${of(n, all)}: nothing answered on the PCI bus`;
export const pciErrors = (n: number, all: number): string =>
  `PCI Status tells of aborts or parity errors in ${of(n, all)}: bus, DMA or IOMMU`;
export const stillAnswers = (): string => "the registers hold plausible values: the device still answers";
export const answeredInOthers = (n: number): string => `it still answered in ${s(n, "report")}`;

export const ringStart = (n: number, all: number): string =>
  `TDH is 0 and TDT 1 in ${of(n, all)}: the first packet of a ring that was just set up`;
export const soonAfterLinkUp = (ms: number): string => `the first report came ${span(ms)} after the link came up`;
export const longAfterLinkUp = (ms: number): string => `the link had been up for ${span(ms)}`;
export const linkUpUnknown = (): string => "when the link came up is not in the log";
export const goesOn = (reports: number, ms: number | null): string =>
  `it goes on${ms === null ? ` for ${s(reports, "report")}` : ` for ${span(ms)}`}: a false alarm ends with the next packet`;
export const ringElsewhere = (n: number): string => `the ring stands elsewhere in ${s(n, "report")}`;

export const soonAfterResume = (ms: number): string => `the first report came ${span(ms)} after the host woke up`;
export const resumeSetsUp = (): string => "at resume the adapter leaves its low-power states and is set up anew";
export const alsoWithoutResume = (n: number): string => `${s(n, "other episode")} within a day`;

export const timeoutAlone = (timeouts: number, resets: number): string =>
  `${s(timeouts, "transmit timeout")} and ${s(resets, "reset")}, and no hang report: the driver does not report a transmitter that pause frames hold`;
export const pauseAccepted = (flow: string): string =>
  `the link came up with flow control ${flow}: pause frames stop the transmitter`;
export const pauseIgnored = (flow: string): string =>
  `the link came up with flow control ${flow}: pause frames do not stop the transmitter`;
export const slowLinkTimesOutFirst = (speed: number): string =>
  `at ${speed} Mb/s the driver reports after ${speed === 100 ? 10 : 16} s, and the stack resets after 5 s: a real hang may go unreported`;

export const manyResets = (n: number): string => `${s(n, "reset")}, and the hang came back`;
export const slowLink = (speed: number): string =>
  `the link runs at ${speed} Mb/s: a bad cable, port or plug makes a gigabit link fall back`;
export const manyLinkDowns = (n: number): string => `the link was lost ${s(n, "time")} meanwhile`;
export const linkLostInDump = (n: number, all: number): string => `MAC or PHY tell of a lost link in ${of(n, all)}`;
export const nearEpisodes = (n: number): string => `${s(n, "other episode")} within a day`;
export const fewResets = (n: number): string => (n === 0 ? "no reset" : "one reset only");
export const fullSpeed = (): string => "the link runs at 1000 Mb/s";
export const linkStayedUp = (): string => "MAC and PHY tell of no lost link";

export const noResetInTime = (reports: number, ms: number | null): string =>
  `${ms === null ? s(reports, "report") : `reports for ${span(ms)}`} without transmit timeout or reset; the stack's watchdog would have reset it after 5 to 13 s`;
export const agedPacket = (ms: number): string =>
  `the stuck packet had waited for ${span(ms)} at least (at HZ 1000; longer at a slower tick): nothing reset the adapter in time`;
export const postponingKernel = (release: string): string =>
  `kernel ${release} carries commit 95ecba62e2fd: each report puts the watchdog off by 5 s, so it never resets`;
export const resettingKernel = (release: string): string => `kernel ${release} does not carry commit 95ecba62e2fd`;
export const kernelUnknown = (release: string | null): string =>
  release === null
    ? "which kernel it was is not in the log"
    : `whether kernel ${release} carries commit 95ecba62e2fd cannot be told from its name`;
export const tooShort = (): string => "too short to tell: a reset takes 5 to 13 s";
export const endedByItself = (): string => "the reports stopped without reset, lost link or reboot";

export const headStands = (reports: number): string =>
  `TDH is the same in ${s(reports, "report")}: the hardware stands still`;
export const onePacket = (): string => "it is the same packet that is stuck all the time";
export const noReset = (): string => "the driver was not reset";
export const lastedUntil = (end: string): string => `it lasted until ${ENDS[end as EpisodeEnd] ?? end}`;
export const headMoved = (moved: number, pairs: number): string =>
  `TDH moved in ${moved} of ${s(pairs, "step")} from report to report: the hardware does work`;
export const wasReset = (n: number): string => `${s(n, "reset")} in it`;
export const looksSoOnThisKernel = (release: string): string =>
  `on kernel ${release} every hang looks like this, curable by a reset or not`;

export const wasDone = (n: number, all: number): string =>
  `the stuck packet was done by the time of printing in ${of(n, all)}`;
export const paused = (n: number, all: number): string => `flow control had paused the transmitter in ${of(n, all)}`;

export const resetEndedIt = (): string => "the reset came, and no further report after it";
export const afterwardsUnknown = (): string => "whether it held is not in this piece";

/** What a failure mode is called, and what to do about it. `IF` stands for the interface's name. */
export interface ModeText {
  readonly title: string;
  readonly doNext: readonly string[];
  readonly doNotBother: readonly string[];
}

const OFFLOADS =
  "switch segmentation offload off: ethtool -K IF tso off gso off (the most often reported cure; costs CPU)";
const BOUNCE = "get traffic back: ip link set IF down; ip link set IF up";
const NO_ITR = "InterruptThrottleRate=3: it is the driver's default already";

export const MODES: Readonly<Record<FailureMode, ModeText>> = {
  wedge: {
    title: "permanent transmit wedge",
    doNext: [
      BOUNCE,
      OFFLOADS,
      "if that does not help, switch EEE off: ethtool --set-eee IF eee off",
      "keep ethtool -S IF, ethtool -i IF and the log of the onset: firmware and driver people ask for them",
    ],
    doNotBother: [NO_ITR, "another cable, as long as the link stays at 1000 Mb/s and is never lost"],
  },
  "endless-reports": {
    title: "wedge that this kernel never resets",
    doNext: [
      BOUNCE,
      "have a watchdog do that: on kernels with commit 95ecba62e2fd nothing else will",
      OFFLOADS,
      "a kernel without that commit (6.6.58, 6.1.114 or older of these series) at least resets the adapter",
    ],
    doNotBother: ["waiting for the driver to reset the adapter", NO_ITR],
  },
  flapping: {
    title: "flapping: hang, reset, hang again",
    doNext: [
      "look at the link: ethtool IF for speed, then another cable, another switch port",
      "ethtool -S IF for rx_crc_errors and the like, and the switch's counters of that port",
      "only once it runs at 1000 Mb/s and still hangs: switch segmentation offload off",
    ],
    doNotBother: ["driver options, as long as the link is at 10 or 100 Mb/s", NO_ITR],
  },
  "timeout-without-report": {
    title: "transmit timeout without hang report: pause frames, or a slow link",
    doNext: [
      "below 1000 Mb/s look at cable, plug and switch port first: there the stack resets before the driver reports a hang",
      "ethtool -a IF, and ethtool -S IF for rx_flow_control_xoff: a switch or a peer that sends pause frames without end",
      "switch flow control off on both sides: ethtool -A IF autoneg off rx off tx off",
      "look for the host on that switch which hangs and sends them",
    ],
    doNotBother: ["switching offloads off", NO_ITR],
  },
  "link-up-false-positive": {
    title: "false alarm at link-up",
    doNext: [
      "nothing, if it stops by itself and traffic flows",
      "update the kernel: commit 0f9e980bf5ee brought this, caff422ea81e took it back (5.1)",
    ],
    doNotBother: ["switching offloads off", "counting it as a hang when you judge a workaround"],
  },
  "after-resume": {
    title: "hang right after resume",
    doNext: [
      "load the driver again after each resume: modprobe -r e1000e; modprobe e1000e",
      "try without low-power states: ethtool --set-eee IF eee off; ethtool --set-priv-flags IF s0ix-enabled off",
      "look for a BIOS update: power states of the network part are its firmware's",
    ],
    doNotBother: ["another cable or switch port", NO_ITR],
  },
  "device-vanished": {
    title: "the device vanished from the bus",
    doNext: [
      "look in the same log for AER, pcieport and DMAR lines; lspci -vv while it lasts",
      "power the host off and on: a reset of the driver cannot reach the device",
      "try pcie_aspm=off; reseat or replace the card; look for a BIOS update",
    ],
    doNotBother: ["offloads, interrupt throttling, cables: nothing behind the bus can be at fault"],
  },
  "recovered-by-reset": {
    title: "hang that the driver's reset cured",
    doNext: [
      "count how often it happens, and whether it happens in backups: hangproof report",
      "if it recurs under load, switch segmentation offload off: ethtool -K IF tso off gso off",
    ],
    doNotBother: [NO_ITR, "a script that bounces the link: the reset does that already"],
  },
  "passing-stall": {
    title: "passing stall",
    doNext: [
      "look what else stopped then: flow control (ethtool -S IF), a stalled host, a slow IOMMU",
      "count how often it happens: hangproof report",
    ],
    doNotBother: ["replacing hardware for a single one", NO_ITR],
  },
  "other-driver": {
    title: "hang of another driver's adapter",
    doNext: [
      "look up that driver: its causes and cures are others",
      "in a virtual machine an e1000 is emulated: look at its host",
    ],
    doNotBother: ["options of e1000e: they do not reach that adapter"],
  },
  unclear: {
    title: "cannot be told from this",
    doNext: [
      "show more of the log: journalctl -k -o short-precise from the last link-up to the recovery",
      "run hangproof report on the whole export",
    ],
    doNotBother: ["changing settings before it is clear what fails"],
  },
};

/** The texts of a mode for one interface. A name that a shell would read as more than a name is not put in. */
export function modeText(mode: FailureMode, interfaceName: string | null): ModeText {
  const name =
    interfaceName !== null && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(interfaceName) ? interfaceName : "IFACE";
  const fill = (texts: readonly string[]): string[] => texts.map((text) => text.replace(/\bIF\b/g, name));
  const { title, doNext, doNotBother } = MODES[mode];
  return { title, doNext: fill(doNext), doNotBother: fill(doNotBother) };
}
