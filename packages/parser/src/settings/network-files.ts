import type { Finding, SettingFileEvent } from "../model/event.js";

/** What a file or a tool's output is. */
export type NetworkFileKind = "interfaces" | "systemd-unit" | "systemd-link" | "ethtool";

/** Names of ethtool's features in its output, and in the command that sets them (ethtool.c, off_flag_def). */
const FEATURES: ReadonlyMap<string, string> = new Map([
  ["rx-checksumming", "rx"],
  ["tx-checksumming", "tx"],
  ["scatter-gather", "sg"],
  ["tcp-segmentation-offload", "tso"],
  ["udp-fragmentation-offload", "ufo"],
  ["generic-segmentation-offload", "gso"],
  ["generic-receive-offload", "gro"],
  ["large-receive-offload", "lro"],
  ["rx-vlan-offload", "rxvlan"],
  ["tx-vlan-offload", "txvlan"],
  ["ntuple-filters", "ntuple"],
  ["receive-hashing", "rxhash"],
]);

/** Keys of systemd.link(5), and the settings that they make. */
const LINK_KEYS: ReadonlyMap<string, string> = new Map([
  ["ReceiveChecksumOffload", "offload.rx"],
  ["TransmitChecksumOffload", "offload.tx"],
  ["TCPSegmentationOffload", "offload.tso"],
  ["TCP6SegmentationOffload", "offload.tso6"],
  ["GenericSegmentationOffload", "offload.gso"],
  ["GenericReceiveOffload", "offload.gro"],
  ["LargeReceiveOffload", "offload.lro"],
  ["ReceiveVLANCTAGHardwareAcceleration", "offload.rxvlan"],
  ["TransmitVLANCTAGHardwareAcceleration", "offload.txvlan"],
  ["RxBufferSize", "ring.rx"],
  ["TxBufferSize", "ring.tx"],
  ["RxCoalesceSec", "coalesce.rx-usecs"],
  ["TxCoalesceSec", "coalesce.tx-usecs"],
  ["RxFlowControl", "pause.rx"],
  ["TxFlowControl", "pause.tx"],
]);

const STANZA = /^iface\s+(\S{1,15})\s/;
const OTHER_STANZA = /^(?:auto|allow-\S+|mapping|source\S*|no-auto-down|rename)\b/;
/** Hooks of interfaces(5) that run at ifup. */
const HOOK = /^(?:pre-up|up|post-up)\s+(\S.{0,500})$/;
/** Debian's ethtool package reads these (ethtool, debian/ethtool.if-up). */
const OFFLOAD = /^offload-(\S{1,40})\s+(\S{1,40})$/;
const SECTION = /^\[(\w{1,20})\]$/;
const EXEC = /^Exec(?:Start|StartPre|StartPost|Stop)=[-@:+!|]{0,8}(\S.{0,500})$/;
const ETHTOOL = /(?:^|[\s/;&'"])ethtool\s/;
/** Of `ethtool -k`, `-c`, `--show-eee`, `-g`, `-a`: the interface they are about. */
const ABOUT =
  /^(Features|Coalesce parameters|EEE settings|EEE Settings|Ring parameters|Pause parameters) for (\S{1,15}):$/;
const PAIR = /^\s*([A-Za-z][\w -]{0,60}):\s{1,80}(\S.{0,120}?)(?:\s{1,40}\[fixed\])?$/;

/**
 * Reads the files that set an interface up, and what ethtool shows, line by line: interfaces(5) with ifupdown2's and
 * ethtool's attributes, systemd units that run ethtool, systemd.link(5), and `ethtool -k`, `-c`, `-g`, `-a`, `-i`,
 * `--show-eee`. One reader a file: what a line is about stands above it.
 */
export class NetworkFile {
  readonly #kind: NetworkFileKind;
  #interface: string | null = null;
  #section = "";
  #isCurrent = false;

  constructor(kind: NetworkFileKind) {
    this.#kind = kind;
  }

  read(line: string): readonly Finding[] {
    const text = line.trim();
    switch (this.#kind) {
      case "interfaces":
        return this.#interfaces(text);
      case "systemd-unit":
        return this.#unit(text);
      case "systemd-link":
        return this.#link(text);
      case "ethtool":
        return this.#ethtool(line);
    }
  }

  #interfaces(text: string): Finding[] {
    const stanza = STANZA.exec(`${text} `);
    if (stanza !== null) {
      this.#interface = stanza[1] ?? null;
      return [];
    }
    if (OTHER_STANZA.test(text)) {
      this.#interface = null;
      return [];
    }
    const hook = HOOK.exec(text)?.[1];
    if (hook !== undefined) return ETHTOOL.test(hook) ? [this.#request("interfaces", "command", hook)] : [];
    const offload = OFFLOAD.exec(text);
    if (offload === null) return [];
    return [this.#request("interfaces", `offload.${offload[1]}`, offload[2] ?? "")];
  }

  #unit(text: string): Finding[] {
    const command = EXEC.exec(text)?.[1];
    return command !== undefined && ETHTOOL.test(command) ? [this.#request("systemd-unit", "command", command)] : [];
  }

  #link(text: string): Finding[] {
    const section = SECTION.exec(text)?.[1];
    if (section !== undefined) this.#section = section;
    const equals = text.indexOf("=");
    if (section !== undefined || equals === -1) return [];
    const key = text.slice(0, equals).trim();
    const value = text.slice(equals + 1).trim();
    // A file matches by MAC address, path or driver, too: then it names no interface.
    if (this.#section === "Match" && key === "OriginalName" && !/[*? ]/.test(value)) this.#interface = value;
    if (this.#section === "Link" && key === "Name") this.#interface = value;
    const name = this.#section === "Link" ? LINK_KEYS.get(key) : undefined;
    return name === undefined ? [] : [this.#request("link", name, truth(value))];
  }

  #ethtool(line: string): Finding[] {
    const about = ABOUT.exec(line.trim());
    if (about !== null) {
      this.#section = about[1] ?? "";
      this.#isCurrent = false;
      this.#interface = about[2] ?? null;
      return [];
    }
    if (/^driver: \S/.test(line)) this.#section = "Driver";
    if (/^Current hardware settings:/.test(line.trim())) this.#isCurrent = true;
    const adaptive = /^Adaptive RX: (\S{1,8})\s+TX: (\S{1,8})/.exec(line.trim());
    if (adaptive !== null) {
      return [this.#shown("coalesce.adaptive-rx", adaptive[1]), this.#shown("coalesce.adaptive-tx", adaptive[2])];
    }
    const pair = PAIR.exec(line);
    if (pair === null) return [];
    const [, key = "", value = ""] = pair;
    switch (this.#section) {
      case "Features": {
        const name = FEATURES.get(key);
        return name === undefined ? [] : [this.#shown(`offload.${name}`, value)];
      }
      case "Coalesce parameters":
        return [this.#shown(`coalesce.${key}`, value)];
      case "EEE settings":
      case "EEE Settings":
        return key === "EEE status" ? [this.#shown("eee", value)] : [];
      case "Ring parameters":
        // Maximums stand first, what is set behind them.
        return this.#isCurrent && /^[RT]X$/.test(key) ? [this.#shown(`ring.${key.toLowerCase()}`, value)] : [];
      case "Pause parameters":
        return /^(?:RX|TX|Autonegotiate)$/.test(key) ? [this.#shown(PAUSE[key] ?? "", value)] : [];
      case "Driver":
        return DRIVER_KEYS.has(key) ? [this.#shown(key, value)] : [];
      default:
        return [];
    }
  }

  #request(file: SettingFileEvent["file"], name: string, value: string): Finding {
    return { kind: "setting.file", file, module: null, interface: this.#interface, name, value, ignored: null };
  }

  #shown(name: string, value = ""): Finding {
    return { kind: "setting.snapshot", tool: "ethtool", interface: this.#interface, name, value };
  }
}

/** Of `ethtool -a`, under the names of `ethtool -A`. */
const PAUSE: Readonly<Record<string, string>> = { RX: "pause.rx", TX: "pause.tx", Autonegotiate: "pause.autoneg" };

/** Of `ethtool -i`. */
const DRIVER_KEYS: ReadonlySet<string> = new Set(["driver", "version", "firmware-version", "bus-info"]);

/** systemd.syntax(7)'s booleans as ethtool writes them. */
function truth(value: string): string {
  if (/^(?:1|yes|true|on)$/i.test(value)) return "on";
  return /^(?:0|no|false|off)$/i.test(value) ? "off" : value;
}
