import type { BackupOutcome, EventKind, KernelEvent } from "@hangproof/parser";
import { printableJson, visible } from "../layout/escape.js";
import { eventMessage, flatFields, indexTime } from "./flat-event.js";

/** The version of the Elastic Common Schema whose fields these are. */
export const ECS_VERSION = "9.0.0";

/** The label of evidence that is no file. */
const STANDARD_INPUT = "-";

/** `event.category` and `event.type`; each category allows some types only. */
type Category = readonly [category: "configuration" | "driver" | "host" | "network" | "process", ...types: string[]];

/** @see https://www.elastic.co/docs/reference/ecs/ecs-category-field-values-reference */
const CATEGORIES: Readonly<Record<EventKind, Category>> = {
  "e1000e.hang": ["driver", "info"],
  "e1000e.reset": ["driver", "change"],
  "e1000e.link_up": ["network", "connection", "start"],
  "e1000e.link_down": ["network", "connection", "end"],
  "e1000e.driver_load": ["driver", "start"],
  "e1000e.probe": ["driver", "info"],
  "e1000e.remove": ["driver", "end"],
  "e1000e.parameter": ["driver", "info"],
  "e1000e.message": ["driver", "info"],
  "e1000e.unrecognised": ["driver", "info"],
  "net.tx_timeout": ["network", "info"],
  "net.other_hang": ["driver", "info"],
  "net.rename": ["network", "info"],
  "net.port_state": ["network", "info"],
  "net.bond_link": ["network", "info"],
  "cluster.link": ["network", "info"],
  "cluster.token": ["network", "info"],
  "cluster.quorum": ["host", "change"],
  "storage.server": ["network", "info"],
  "guest.lock": ["host", "info"],
  "host.boot": ["host", "start"],
  "host.firmware": ["host", "info"],
  "host.command_line": ["host", "info"],
  "host.shutdown": ["host", "end"],
  "host.suspend": ["host", "change"],
  "host.resume": ["host", "change"],
  "host.clock_step": ["host", "change"],
  "backup.job_start": ["process", "start"],
  "backup.job_end": ["process", "end"],
  "backup.guest_start": ["process", "start"],
  "backup.guest_end": ["process", "end"],
  "setting.command": ["configuration", "change"],
  "setting.file": ["configuration", "info"],
  "setting.snapshot": ["configuration", "info"],
  "log.loss": ["host", "info"],
  "pack.hang": ["driver", "info"],
  "pack.sign": ["driver", "change"],
  "pack.event": ["host", "info"],
};

const OUTCOMES: Readonly<Record<BackupOutcome, string>> = {
  ok: "success",
  warnings: "success",
  failed: "failure",
  unknown: "unknown",
};

/**
 * One event as a document of the Elastic Common Schema. What the schema has no field for stands under `hangproof`, as the
 * schema asks of custom fields; `log.offset` is Filebeat's. `@timestamp` is required, so an event without a time has no
 * document.
 * @returns null for an event without a time
 * @see https://www.elastic.co/docs/reference/ecs/ecs-field-reference
 */
export function ecsLine(event: KernelEvent): string | null {
  const at = indexTime(event);
  if (at === null) return null;
  const { kind, time, host, trust, provenance } = event;
  const { pci, interface: interfaceName, ...own } = flatFields(event);
  const [category, ...types] = CATEGORIES[kind];
  const [provider] = kind.split(".");
  const document = {
    "@timestamp": at.iso,
    ecs: { version: ECS_VERSION },
    message: eventMessage(event),
    event: {
      kind: kind === "setting.snapshot" ? "state" : "event",
      category: [category],
      type: types,
      action: kind,
      provider,
      module: "hangproof",
      dataset: "hangproof.events",
      ...("outcome" in event ? { outcome: OUTCOMES[event.outcome] } : {}),
      ...("durationMs" in event && event.durationMs !== null ? { duration: Math.round(event.durationMs * 1e6) } : {}),
    },
    host: hostFields(host, event.bootId),
    ...(interfaceName === undefined ? {} : { observer: { ingress: { interface: { name: interfaceName } } } }),
    log: {
      ...(provenance.evidence === STANDARD_INPUT ? {} : { file: { path: visible(provenance.evidence) } }),
      offset: provenance.byteOffset,
    },
    labels: { trust, ...(pci === undefined ? {} : { pci }) },
    hangproof: {
      line: provenance.line,
      byte_length: provenance.byteLength,
      time_source: time.source,
      ...(Number.isFinite(time.uncertaintyMs) ? { time_uncertainty_ms: time.uncertaintyMs } : {}),
      ...(time.bootMs === null ? {} : { boot_ms: time.bootMs }),
      ...own,
    },
  };
  return `${printableJson(JSON.stringify(document))}\n`;
}

/** `host.boot.id` is a UUID as the kernel prints it; journals keep it without dashes. */
function hostFields(host: string | null, bootId: string | null): object | undefined {
  if (host === null && bootId === null) return undefined;
  const uuid = bootId?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return {
    ...(host === null ? {} : { hostname: visible(host) }),
    ...(uuid === undefined ? {} : { boot: { id: visible(uuid) } }),
  };
}
