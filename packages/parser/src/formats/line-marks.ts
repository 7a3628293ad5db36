/** Lines that are no records, and where in a line one may begin. */

/** journalctl's own lines between entries. */
export const BOOT_MARKER: RegExp = /^-- (?:Boot ([0-9a-f]{32})|Reboot) --$/;
export const OTHER_MARKER: RegExp =
  /^(?:-- (?:Logs begin|Journal begins|No entries|cursor:|Subject:|Defined-By:|Support:|Documentation:)|░░ )/;
/** A kernel line behind what a terminal had not ended: a shell's or a login's prompt, an init script's message. */
export const GLUED: RegExp = /\[ *\d{1,10}\.\d{6}\] /;
/** How far into a line a glued one is looked for. */
export const GLUED_CHARACTERS: number = 200;
/** pstore's and ramoops' own lines between parts of a dump (fs/pstore/platform.c, fs/pstore/ram.c). */
export const PART_MARKER: RegExp = /^(?:[A-Z][A-Za-z-]{2,15}#\d{1,9} Part\d{1,9}|={4}\d{1,12}\.\d{1,9}-[A-Z])$/;
/** An object of the journal's JSON form, pasted between lines of text. */
export const JSON_ENTRY: RegExp = /^\{\s?"(?:[^"\\]|\\.){1,64}"\s?:/;
/** Without one of these no form of head is there: a clock, a stamp's bracket, a priority's `<`, the kernel's tag, seconds since 1970. */
export const HEAD_MARK: RegExp = /\d\d:\d\d|[[<]|kernel: |^\d{9}/;
/** Left-out text of an author, or a shell prompt: nothing that belongs to the record above. */
export const BREAK: RegExp = /^\s*(?:\[?(?:…|\.\.\.)\]?$|#{4,}|\$ |[\w.@~-]{1,40}[#$%] )/;
