// Upload of files and folders by picker or by drag and drop, one file a request, with what becomes of each file as the server
// tells it. The form also works without this script, for one file.

import { say } from "./said.js";

const AT_ONCE = 3;

const token = () => document.querySelector("meta[name=csrf]")?.content ?? "";
const waiting = [];
/** Rows of the table by the path that was sent, and by the number that the server gave the upload. */
const byPath = new Map();
const byUpload = new Map();
const early = new Map();
let running = 0;

/** Starts on the page that holds `#upload`. */
export function start() {
  const form = document.getElementById("upload");
  const drop = form.querySelector(".drop");
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      for (const file of input.files) add(file, file.webkitRelativePath || file.name);
      input.value = "";
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    for (const entry of entries) await walk(entry, "");
  });
  addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault();
  });
  const events = new EventSource("/events");
  for (const kind of ["upload", "file", "stage", "done"]) events.addEventListener(kind, (event) => heard(kind, event));
}

async function walk(entry, folder) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed)).catch(() => null);
    if (file) add(file, folder + file.name);
    else say(`${folder}${entry.name} could not be read by the browser.`, { bad: true });
    return;
  }
  const reader = entry.createReader();
  // A reader gives a folder in portions, an empty one last.
  for (;;) {
    const portion = await new Promise((done, failed) => reader.readEntries(done, failed)).catch(() => []);
    if (!portion.length) return;
    for (const each of portion) await walk(each, `${folder}${entry.name}/`);
  }
}

function add(file, path) {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.className = "path";
  name.textContent = path;
  const size = document.createElement("td");
  size.className = "number";
  size.textContent = sizeOf(file.size);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `Progress of ${path}`);
  const barCell = document.createElement("td");
  barCell.append(bar);
  const state = document.createElement("td");
  state.className = "state";
  state.textContent = "waiting";
  row.append(name, size, barCell, state);
  const table = document.getElementById("files");
  table.closest("[hidden]")?.removeAttribute("hidden");
  table.append(row);
  const limit = Number(document.getElementById("upload").dataset.limit);
  const entry = { file, path, bar, state };
  byPath.set(path, entry);
  if (limit && file.size > limit) {
    tell(entry, `not sent: larger than ${sizeOf(limit)}`, 0);
    return;
  }
  waiting.push(entry);
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    post(waiting.shift()).finally(() => {
      running -= 1;
      next();
    });
  }
}

// XMLHttpRequest, because fetch does not tell how much of a body has been sent.
function post(entry) {
  return new Promise((over) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/upload");
    request.setRequestHeader("X-Requested-With", "sufficit");
    request.setRequestHeader("X-CSRF", token());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) tell(entry, "sending", (0.5 * event.loaded) / event.total);
    });
    request.addEventListener("loadend", () => {
      answered(entry, request);
      over();
    });
    const body = new FormData();
    body.append("path", entry.path);
    body.append("file", entry.file, entry.file.name);
    request.send(body);
  });
}

function answered(entry, request) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // Not every fault comes as JSON; the status then says enough.
  }
  if (request.status >= 200 && request.status < 300) {
    if (answer.upload !== undefined) {
      byUpload.set(String(answer.upload), entry);
      const told = early.get(String(answer.upload));
      if (told) return tell(entry, told.text, told.share);
    }
    return tell(entry, answer.text ?? answer.status ?? "received", answer.status === "duplicate" ? 1 : 0.5);
  }
  const known = {
    0: "not sent: the server did not answer",
    401: "not sent: the session has ended, log in again",
    403: "not sent: your role does not allow it",
    413: "not sent: larger than the server takes",
    429: "not sent: too many at once, try again in a moment",
  };
  return tell(entry, answer.error?.message ?? answer.error ?? known[request.status] ?? `not sent: status ${request.status}`, 0, true);
}

function heard(kind, event) {
  let data;
  try {
    data = JSON.parse(event.data);
  } catch {
    return;
  }
  const text = data.text ?? data.reason ?? data.stage ?? data.status ?? kind;
  const share = data.share ?? (kind === "done" || data.status ? 1 : 0.6);
  const entry = byUpload.get(String(data.upload)) ?? byPath.get(data.path);
  if (entry) tell(entry, text, share);
  else if (data.upload !== undefined) early.set(String(data.upload), { text, share });
  if (kind !== "done") return;
  const line = document.getElementById("upload-said");
  if (line) line.textContent = data.text ?? "All files have been read and mapped.";
}

function tell(entry, text, share, bad = false) {
  entry.bar.value = Math.min(1, Math.max(entry.bar.value, share));
  entry.state.textContent = text;
  entry.state.classList.toggle("fault", bad);
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
