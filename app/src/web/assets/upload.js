// Upload of files and folders by picker or by drag and drop, one file a request, with what becomes of each file as the server
// tells it.

import { say } from "./said.js";

const AT_ONCE = 3;
/** What the server answers when others are before us. */
const BUSY = [429, 503];
/** How often a file is sent again of which the server said nothing, as when the connection broke, and after how many seconds. */
const LOST_AT_MOST = 3;
const LOST_WAIT = 5;

const token = () => document.querySelector("meta[name=csrf]")?.content ?? "";
const waiting = [];
/** Rows of the table by the path under which the server keeps the file. */
const byPath = new Map();
/** What was told of a path before the answer to its upload said that it is kept there. */
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
  events.addEventListener("file", (event) => fileHeard(JSON.parse(event.data)));
  events.addEventListener("stage", (event) => {
    const { stage, done, total } = JSON.parse(event.data);
    line(total ? `Under way: ${stage}, ${done} of ${total}.` : `Under way: ${stage}.`);
  });
  events.addEventListener("done", (event) => line(JSON.parse(event.data).text ?? "All files have been read and mapped."));
  events.addEventListener("reload", () => say("Too much happened at once to tell.", { button: "Load the page again", press: () => location.reload() }));
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
  const entry = { file, path, name, bar, state, lost: 0 };
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
      const again = (why, seconds) => {
        tell(entry, `${why}; it is sent again in a moment`);
        setTimeout(() => post(entry).then(over), seconds * 1000);
      };
      const wait = Number(request.getResponseHeader("Retry-After"));
      if (wait && BUSY.includes(request.status)) return again("the server is busy", wait);
      if (request.status === 0 && entry.lost < LOST_AT_MOST) {
        entry.lost += 1;
        return again("the server did not answer", LOST_WAIT);
      }
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
  const isJson = request.getResponseHeader("Content-Type")?.includes("json");
  let answer = {};
  try {
    if (isJson) answer = JSON.parse(request.responseText);
  } catch {
    // A body that was cut off: the status says enough.
  }
  if (request.status >= 200 && request.status < 300) {
    const kept = answer.path ?? entry.path;
    byPath.set(kept, entry);
    const known = answer.status === "duplicate";
    tell(entry, answer.text ?? answer.status ?? "received", known ? 1 : 0.5);
    for (const told of early.get(kept) ?? []) became(entry, told);
    early.delete(kept);
    return;
  }
  const faults = {
    0: "the server did not answer",
    401: "the session has ended, log in again",
    403: "your role does not allow it",
    413: "larger than the server takes",
    429: "too many at once, try again in a moment",
  };
  const type = request.getResponseHeader("Content-Type") ?? "";
  const sentence = type.startsWith("text/plain") ? request.responseText : (answer.detail ?? answer.error);
  tell(entry, `not sent: ${sentence || faults[request.status] || `status ${request.status}`}`, 0, true);
}

// A member of an archive is told as the archive's path, "!/" and its own: the row is the archive's.
function fileHeard({ path, text, document: id }) {
  const [kept, member] = path.split("!/");
  const told = member ? { text: `${member}: ${text}`, share: 0.8 } : { text, share: 1, id };
  const entry = byPath.get(kept);
  if (entry) became(entry, told);
  else early.set(kept, [...(early.get(kept) ?? []), told].slice(-1));
}

function became(entry, { text, share, id }) {
  tell(entry, text, share);
  if (!id || entry.name.querySelector("a")) return;
  const link = document.createElement("a");
  link.href = `/documents/${id}`;
  link.textContent = entry.path;
  entry.name.replaceChildren(link);
}

function line(text) {
  const at = document.getElementById("upload-said");
  if (at) at.textContent = text;
}

function tell(entry, text, share = 0, bad = false) {
  entry.bar.value = Math.min(1, Math.max(entry.bar.value, share));
  entry.state.textContent = text;
  entry.state.classList.toggle("fault", bad);
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
