import { bytes, visible } from "hangproof/html";
import type { QuestionText } from "hangproof/question";
import { droppedOf, isOneFolder, type Picked, pickedOf } from "./dropped.js";
import type { MadeReport, ReadingProgress, ReportRequest } from "./make-report.js";
import { Selection } from "./selection.js";
import type { WorkerMessage } from "./worker.js";

const selection = new Selection();
let unopened: Picked["unopened"] = [];
let worker: Worker | null = null;
const workerUrl = URL.createObjectURL(new Blob([HANGPROOF_WORKER], { type: "text/javascript" }));

const files = element("files", HTMLInputElement);
const folder = element("folder", HTMLInputElement);
const zone = element("zone", HTMLSelectElement);
const question = {
  change: element("change", HTMLTextAreaElement),
  window: element("window", HTMLTextAreaElement),
  since: element("since", HTMLInputElement),
  until: element("until", HTMLInputElement),
};
const understood = element("understood", HTMLElement);
const work = element("work", HTMLElement);
const reading = element("reading", HTMLElement);
const bar = element("progress", HTMLProgressElement);
const status = element("status", HTMLElement);
const result = element("result", HTMLElement);
const faults = element("faults", HTMLDetailsElement);
const frame = element("report", HTMLIFrameElement);
const saves = { html: element("save-html", HTMLAnchorElement), json: element("save-json", HTMLAnchorElement) };

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
zone.append(new Option(`${ownZone} (this browser's, assumed)`, ""));
for (const name of new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])) zone.append(new Option(name, name));
for (let east = -12; east <= 14; east += 1) {
  const offset = `${east < 0 ? "-" : "+"}${String(Math.abs(east)).padStart(2, "0")}:00`;
  if (east !== 0) zone.append(new Option(`UTC${offset}`, offset));
}

for (const input of [files, folder]) {
  input.addEventListener("change", () => {
    take(pickedOf(input.files ?? []));
    // The same file may be picked again after it was changed.
    input.value = "";
  });
}
zone.addEventListener("change", () => {
  if (selection.files.length > 0) start();
});
element("question", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  if (selection.files.length > 0) start();
  else say("Now drop or choose the logs.");
});
element("stop", HTMLButtonElement).addEventListener("click", () => {
  stop();
  say("Stopped. Nothing was judged.");
});
element("clear", HTMLButtonElement).addEventListener("click", () => {
  stop();
  selection.clear();
  unopened = [];
  hideResult();
  say("");
  files.focus();
});

for (const type of ["dragenter", "dragover"] as const) {
  document.addEventListener(type, (event) => {
    // Over its own input the browser decides, or it would leave the drop to us.
    if (event.target !== folder) event.preventDefault();
    document.body.classList.add("over");
    document.body.classList.toggle("alone", event.dataTransfer?.items.length === 1);
  });
}
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (relatedTarget === null) document.body.classList.remove("over", "alone");
});
// While one thing hangs over the page, the folder's input lies over all of it: a browser gives it what it keeps from us.
document.addEventListener("drop", async (event) => {
  document.body.classList.remove("over", "alone");
  if (event.dataTransfer === null || (event.target === folder && isOneFolder(event.dataTransfer))) return;
  event.preventDefault();
  take(await droppedOf(event.dataTransfer));
});

function take(picked: Picked): void {
  const before = selection.files.length;
  for (const root of picked.roots) selection.add(root);
  unopened = [...unopened, ...picked.unopened];
  const [fault] = picked.unopened;
  if (selection.files.length > before || (before > 0 && fault !== undefined)) start();
  else if (fault !== undefined) fail(`${visible(fault.label)}: ${visible(fault.reason)}`);
  else if (before === 0) fail("There is no file to read in what was picked.");
}

/** Reads everything that was picked so far, from the beginning. */
function start(): void {
  stop();
  hideResult();
  const { files: all, labels, bytes: total } = selection;
  say(`Reading ${all.length === 1 ? "1 file" : `${all.length} files`}, ${bytes(total)}`);
  reading.textContent = "Looking through the files";
  bar.removeAttribute("value");
  work.hidden = false;
  worker = new Worker(workerUrl);
  worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.kind === "progress") showProgress(data.progress);
    else {
      stop();
      if (data.kind === "made") show(data.made);
      else fail(`The logs could not be judged: ${visible(data.reason)}`);
    }
  });
  worker.addEventListener("error", ({ message }) => {
    stop();
    fail(`The logs could not be judged: ${visible(message)}`);
  });
  const request: ReportRequest = {
    files: all,
    labels,
    unopened,
    now: Date.now(),
    timeZone: ownZone,
    question: asked(),
    program: `hangproof ${HANGPROOF_VERSION}`,
  };
  worker.postMessage(request);
}

/** What was typed; an empty field asks nothing. */
function asked(): QuestionText {
  const text = (value: string): string | undefined => (value.trim() === "" ? undefined : value);
  const lines = (value: string): string[] => value.split("\n").filter((line) => line.trim() !== "");
  return {
    tz: text(zone.value),
    since: text(question.since.value),
    until: text(question.until.value),
    change: lines(question.change.value),
    window: lines(question.window.value),
  };
}

function stop(): void {
  worker?.terminate();
  worker = null;
  work.hidden = true;
}

function showProgress({ evidence, bytes: read, totalBytes }: ReadingProgress): void {
  bar.max = Math.max(1, totalBytes);
  bar.value = read;
  reading.textContent = `${bytes(read)} of ${bytes(totalBytes)}: ${visible(evidence)}`;
}

function show({ html, json, notes, understood: sentences }: MadeReport): void {
  frame.srcdoc = html;
  saves.html.href = URL.createObjectURL(new Blob([html], { type: "text/html" }));
  saves.json.href = URL.createObjectURL(new Blob([json], { type: "application/json" }));
  const [summary, list] = faults.children;
  if (summary !== undefined) summary.textContent = `Not all could be read as it is (${notes.length})`;
  list?.replaceChildren(...items(notes));
  understood.replaceChildren(...items(sentences));
  understood.hidden = sentences.length === 0;
  faults.hidden = notes.length === 0;
  result.hidden = false;
  document.body.classList.add("done");
  const { files: all, bytes: total } = selection;
  say(
    `Report on ${all.length === 1 ? "1 file" : `${all.length} files`}, ${bytes(total)}. More may be dropped or chosen.`,
  );
}

function items(texts: readonly string[]): HTMLLIElement[] {
  return texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  });
}

function hideResult(): void {
  result.hidden = true;
  understood.hidden = true;
  document.body.classList.remove("done");
  frame.removeAttribute("srcdoc");
  for (const link of Object.values(saves)) {
    URL.revokeObjectURL(link.href);
    link.href = "#report";
  }
}

function say(text: string): void {
  status.textContent = text;
  status.classList.remove("failed");
}

function fail(text: string): void {
  say(text);
  status.classList.add("failed");
}

/** @throws Error when page and script do not fit together */
function element<Element extends HTMLElement>(id: string, kind: abstract new () => Element): Element {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${kind.name} called ${id}`);
  return found;
}
