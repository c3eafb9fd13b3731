// What every page does beyond the server's HTML: the theme, the keys and their help, and the parts of a page that need more.
// Every page also works without this script.

import * as forms from "./forms.js";
import * as queue from "./queue.js";
import { say } from "./said.js";

document.documentElement.classList.add("scripted");

const help = document.getElementById("help");
const stored = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const store = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    say("This browser keeps nothing for this page, so the choice holds until it is closed.");
  }
};

function theme() {
  const button = document.getElementById("theme");
  if (!button) return;
  button.hidden = false;
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  button.setAttribute("aria-pressed", String(dark()));
  button.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    button.setAttribute("aria-pressed", String(next === "dark"));
    store("theme", next);
  });
}

function openHelp() {
  if (help && !help.open) help.showModal();
}

const KEYS = {
  j: () => queue.move(1),
  k: () => queue.move(-1),
  a: () => queue.press("form.decide button[value=accept]"),
  r: () => queue.press("form.decide .choices button[value=reject]"),
  n: () => queue.press("a.next-document"),
  o: () => queue.press("a.open-document"),
  u: () => queue.undo(),
  "+": () => queue.press("a.add-match"),
  "/": () => document.getElementById("find")?.focus(),
  "?": openHelp,
};
for (const score of "012345") KEYS[score] = () => queue.override(score);

const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])";

function keys() {
  const button = document.getElementById("keys");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  }
  const single = document.getElementById("single-keys");
  if (single) {
    single.checked = stored("single-keys") !== "off";
    single.addEventListener("change", () => store("single-keys", single.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (help?.open) return;
    const typing = event.target.closest?.(TYPING);
    if (event.key === "Escape" && typing) typing.blur();
    if (typing || event.target.closest?.("dialog")) return;
    if (single && !single.checked && event.key !== "?") return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// Pages that show what is in the record say when it has changed; they never move under the reader's eyes.
function live() {
  if (!document.querySelector("[data-live]")) return;
  const events = new EventSource("/events");
  const changed = () => say("New files were read and mapped.", { button: "Show them", press: () => location.reload() });
  events.addEventListener("done", changed);
  events.addEventListener("reload", changed);
}

theme();
keys();
live();
if (document.getElementById("detail")) queue.start();
else forms.start();
if (document.getElementById("upload")) import("./upload.js").then((upload) => upload.start());
