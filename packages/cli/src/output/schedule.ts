import { usageError } from "../exit-codes.js";
import { isPlain, visible } from "../layout/escape.js";

export interface Schedule {
  /** The check as arguments: interpreter, program, options. */
  readonly command: readonly string[];
  /** Folders that the check writes to. */
  readonly folders: readonly string[];
  /** `OnCalendar=` of systemd.time(7). */
  readonly when: string;
}

/**
 * A service and a timer of systemd for the check, as one text with a line before each file that says where it belongs.
 * The service may read every log and write the ledger's folder; it has no network and no other right. Memory that is
 * both writable and executable stays allowed: the JavaScript engine compiles.
 * @throws CliError (usage) for a path with a character that cannot be seen, and for what is no time of a calendar
 */
export function systemdUnits({ command: [program = "", ...options], folders, when }: Schedule): string {
  return `# /etc/systemd/system/hangproof-check.service
[Unit]
Description=Check the kernel log for e1000e hangs
Documentation=man:hangproof(1)

[Service]
Type=oneshot
ExecStart=${[systemdWord(program), ...options.map(systemdArgument)].join(" ")}
# A hang, or evidence that is too old, is an answer: the unit fails for what it is told to fail on (2 and 3).
SuccessExitStatus=1
ReadWritePaths=${folders.map(systemdWord).join(" ")}
CapabilityBoundingSet=CAP_DAC_READ_SEARCH
AmbientCapabilities=
NoNewPrivileges=yes
PrivateNetwork=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=none
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077
Nice=10
IOSchedulingClass=idle

# /etc/systemd/system/hangproof-check.timer
[Unit]
Description=Check the kernel log for e1000e hangs every week

[Timer]
OnCalendar=${calendar(when)}
Persistent=yes
RandomizedDelaySec=15min

[Install]
WantedBy=timers.target
`;
}

/** A word as systemd.syntax(7) reads it: quoted, with its specifiers doubled. */
function systemdWord(text: string): string {
  const escaped = plain(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%");
  return /^[\w./:@=,+-]+$/.test(text) ? text : `"${escaped}"`;
}

/** An argument behind the program, as systemd.service(5) reads it: variables are filled in there, so they are doubled. */
function systemdArgument(text: string): string {
  return systemdWord(text).replaceAll("$", "$$$$");
}

/** A line of crontab(5) for the check; mail goes to the crontab's owner when it prints, so it prints only what is wrong. */
export function cronLine({ command }: Schedule, when: string): string {
  const quoted = command.map(shellArgument).join(" ");
  return `# crontab -e; cron mails what is printed: the answer, when it is not OK\n${calendar(when)} out=$(${quoted} 2>&1) || echo "$out"\n`;
}

/** Single quotes keep all but themselves; cron takes a percent sign for a line end. */
function shellArgument(text: string): string {
  const quoted = /^[\w./:@=,+-]+$/.test(text) ? text : `'${plain(text).replaceAll("'", "'\\''")}'`;
  return quoted.replaceAll("%", "\\%");
}

/** A path is written as it is, or a line of it would lie to whoever reads the unit before it is installed. */
function plain(text: string): string {
  if (!isPlain(text)) throw usageError(`${visible(text)}: holds a character that cannot be seen`);
  return text;
}

/** What systemd.time(7) and crontab(5) know, and nothing that ends, continues or fills in a line. */
function calendar(when: string): string {
  if (!/^[\w ,.:*/~+@#?-]+$/.test(when)) throw usageError(`--on ${visible(when)}: is no time of a calendar`);
  return when;
}
