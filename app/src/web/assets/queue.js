// The queue and the detail beside it. Details are fetched ahead, so that the next item is there when a decision is taken;
// the server's answer is put in when it comes. On the page of a single match there is no list, and the same code decides in
// place.

import { bodyOf, detailIn, send, STATES } from "./decisions.js";
import { ask, cite, needsReason, open, prepare, ready, rest, unask } from "./detail.js";
import { keep, restore, take } from "./kept.js";
import { addressOf, choose, from, list, row, state, tell } from "./list.js";
import { say } from "./said.js";

const AHEAD = 2;
const HELD = 24;

const host = document.getElementById("detail");

/** Details by item, in order of use: each a promise of an article, or of null where it could not be had. */
const held = new Map();
/** Items whose decision is on its way to the server. */
const pending = new Map();
/** Items decided in this visit, the last one at the end: what `u` takes back. */
const decided = [];

let shown = host?.querySelector("article.detail")?.dataset.item ?? "";
/** The item of the list from which next and previous count, also while a document outside the list is shown. */
let anchor = shown;

const inPlace = () => host?.querySelector("article.detail") ?? null;
/** The detail that keys act on: none while the chosen item has not come yet, so that no key decides the one before it. */
const current = () => (inPlace()?.dataset.item === shown ? inPlace() : null);

/** Starts on what the server has rendered. */
export function start() {
  if (!host) return;
  const article = current();
  if (article) {
    held.set(shown, Promise.resolve(article));
    settleIn(article);
  }
  fetchAhead();
  list?.addEventListener("click", (event) => {
    const link = event.target.closest(".item > a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.parentElement.dataset.item);
  });
  host.addEventListener("click", onClick);
  host.addEventListener("change", onChange);
  host.addEventListener("submit", onSubmit);
  host.addEventListener("keydown", onKeyInField);
  // A page that comes back by the back button shows what was true when it was left.
  addEventListener("pageshow", (event) => {
    if (!event.persisted || !shown) return;
    held.clear();
    show(shown);
  });
}

function load(item) {
  if (!held.has(item)) {
    const article = fetch(addressOf(item), { headers: { "X-Requested-With": "sufficit" } })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then(detailIn)
      .catch(() => null)
      .then((article) => {
        if (!article) held.delete(item);
        else prepare(article);
        return article;
      });
    held.set(item, article);
  }
  return held.get(item);
}

function fetchAhead() {
  for (let steps = 1; steps <= AHEAD; steps += 1) {
    const item = from(anchor, steps);
    if (item) load(item);
  }
  for (const item of [...held.keys()].slice(0, -HELD)) if (item !== shown && !pending.has(item)) held.delete(item);
}

/** Shows `item`: at once where it was fetched ahead. */
export async function show(item) {
  shown = item;
  if (row(item)) anchor = item;
  choose(anchor);
  host.setAttribute("aria-busy", String(!current()));
  const article = await load(item);
  if (shown !== item) return;
  host.removeAttribute("aria-busy");
  if (!article) {
    say("This item could not be loaded: the server did not answer, or the session has ended.", {
      bad: true,
      button: "Load it again",
      press: () => location.reload(),
    });
    return;
  }
  put(article);
  held.delete(item);
  held.set(item, Promise.resolve(article));
  if (list) address(item);
  article.querySelector("h2, h1")?.focus({ preventScroll: true });
  fetchAhead();
}

/** Makes the page's address that of `item`, so that it can be reloaded, sent to somebody, or come back to. */
function address(item) {
  const steady = new URL(location.href);
  steady.searchParams.set("item", item);
  try {
    history.replaceState(null, "", steady);
  } catch {
    // Some browsers refuse a hundred changes in half a minute; the next one will go through.
  }
}

function put(article) {
  const before = inPlace();
  if (before && before !== article) rest(before);
  host.replaceChildren(article);
  host.scrollTop = 0;
  settleIn(article);
}

function settleIn(article) {
  const fields = take(article.dataset.item);
  if (fields) {
    restore(article, fields);
    say("What you had typed was kept. Look at it and send it again.");
  }
  ready(article);
}

/** Moves by `steps` in the list; past its end, to the next page of it. */
export function move(steps) {
  const to = from(anchor, steps);
  if (to) return show(to);
  const more = steps > 0 ? document.querySelector(".list .more a[rel=next]") : null;
  if (more) more.click();
  else say(steps > 0 ? "This is the last item of this view." : "This is the first item of this view.");
  return null;
}

/** Presses what the key stands for in the detail that is shown, or says that it is not offered there. */
export function press(selector) {
  const article = current();
  const offered = article?.querySelector(selector);
  if (offered) offered.click();
  else if (article) say("That is not offered for this item.");
}

/** Chooses `score` in the detail that is shown, and asks why. */
export function override(score) {
  const choice = current()?.querySelector(`form.decide input[name=sufficiency][value="${score}"]`);
  if (!choice) return;
  choice.checked = true;
  ask(choice.form, "override");
}

/** Takes back the decision on `item`; by default the last one of this visit, or the one that stands on the item that is shown. */
export async function undo(item = decided.at(-1)) {
  if (!item) {
    const offered = current()?.querySelector("form.decide button[value=undo]");
    if (offered) offered.click();
    else say("There is no decision to undo here.");
    return;
  }
  if (decided.includes(item)) decided.splice(decided.lastIndexOf(item), 1);
  await pending.get(item);
  const article = await load(item);
  const form = article?.querySelector("form.decide");
  if (!form?.querySelector("button[value=undo]")) return;
  decide(form, "undo");
  if (shown !== item) show(item);
}

function onClick(event) {
  const link = event.target.closest("a");
  if (link?.matches(".cite")) {
    event.preventDefault();
    cite(link.closest("article"), link);
  } else if (link?.dataset.item && list && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    show(link.dataset.item);
  }
}

function onChange(event) {
  if (event.target.matches("form.decide input[name=sufficiency]")) open(event.target.form, "override");
}

function onKeyInField(event) {
  const form = event.target.closest("form.decide");
  if (!form) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    unask(form);
  } else if (event.key === "Enter" && event.target.type === "radio") {
    event.preventDefault();
    ask(form, "override");
  } else if (event.key === "Enter" && event.target.name === "why" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    decide(form, form.dataset.asks ?? "override");
  }
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("form[action='/decisions']")) return;
  event.preventDefault();
  const action = event.submitter?.value ?? form.elements.namedItem("action")?.value;
  if (form.matches(".decide") && needsReason(action) && form.dataset.asks !== action) ask(form, action);
  else decide(form, action);
}

function decide(form, action) {
  const article = form.closest("article.detail");
  const item = article.dataset.item;
  const why = form.elements.namedItem("why");
  if (needsReason(action) && form.matches(".decide") && !why?.value.trim()) {
    ask(form, action);
    fault(article, "A reason is needed: say in a sentence why, then press Enter.");
    return;
  }
  if (action === "override" && !form.querySelector("input[name=sufficiency]:checked")) {
    fault(article, "Choose a score from 0 to 5 first.");
    return;
  }
  if (pending.has(item)) return;
  fault(article, "");
  const body = bodyOf(form, action);
  const was = state(item);
  const moves = form.matches(".decide") && action !== "undo";
  if (moves) {
    tell(item, "sending", STATES[action]);
    decided.push(item);
    const next = from(anchor, 1);
    if (next && shown === item) show(next);
  }
  const sent = send(body).then((outcome) => settle(item, action, body, was, outcome));
  pending.set(item, sent);
  sent.finally(() => pending.delete(item));
}

function settle(item, action, body, was, outcome) {
  if (outcome.kind === "done") {
    adopt(item, outcome.article, action);
    if (STATES[action]) tell(item, outcome.article.dataset.status ?? STATES[action], outcome.article.dataset.statusText);
    const undoable = action !== "undo" && STATES[action];
    say(`${titleOf(item)}: ${action === "undo" ? "decision undone" : (STATES[action] ?? "recorded")}.`, undoable ? { button: "Undo (u)", press: () => undo(item) } : {});
    return;
  }
  const at = decided.lastIndexOf(item);
  if (at >= 0) decided.splice(at, 1);
  if (outcome.kind === "session") {
    keep(body);
    location.assign(`/login?back=${encodeURIComponent(backTo(item))}`);
    return;
  }
  if (outcome.kind === "conflict") {
    restore(outcome.article, Object.fromEntries(body));
    adopt(item, outcome.article, action);
    tell(item, "failed", "not recorded");
    const why = outcome.article.querySelector(".fault:not([hidden])")?.textContent.trim();
    comeBack(item, `${titleOf(item)}: ${why || "someone else decided meanwhile, and yours was not recorded."}`);
    return;
  }
  tell(item, was.kind, was.text);
  load(item).then((article) => article && fault(article, outcome.text));
  comeBack(item, `${titleOf(item)}: ${outcome.text}`);
}

/** The answer's detail takes the place of the old one, where it is shown and where it is held. A comment that is being written stays. */
function adopt(item, article, action) {
  // What was decided of a match bears on its requirement and on the others of it: those are fetched anew.
  const of = requirementOf(item);
  for (const other of [...held.keys()]) if (other !== item && other !== shown && requirementOf(other) === of) held.delete(other);
  held.set(item, Promise.resolve(article));
  if (shown === item) {
    const written = inPlace()?.querySelector("form.comment textarea")?.value;
    const comment = article.querySelector("form.comment textarea");
    if (written && comment && action !== "comment") {
      comment.value = written;
      comment.closest("details")?.setAttribute("open", "");
    }
    put(article);
    article.querySelector("h2, h1")?.focus({ preventScroll: true });
  }
}

/** Framework and id of the requirement that an item is about. */
const requirementOf = (item) => item.split("/").slice(-2).join("/");

// Someone who is in the middle of a sentence is not torn away from it.
function comeBack(item, text) {
  const typing = document.activeElement?.matches("textarea, input:not([type=radio])");
  const away = shown !== item;
  if (away && !typing) show(item);
  say(text, away && typing ? { bad: true, button: "Go back to it", press: () => show(item) } : { bad: true });
}

function backTo(item) {
  const steady = new URL(location.href);
  if (list) steady.searchParams.set("item", item);
  return steady.pathname + steady.search;
}

function fault(article, text) {
  const line = article.querySelector("form.decide .fault");
  if (!line) return;
  line.textContent = text;
  line.hidden = !text;
}

function titleOf(item) {
  return item.split("/").at(-1);
}
