// What was typed is never lost: when the session ends in mid-decision, the fields of the form are kept in this tab's storage
// and put back when the same item is shown again after the login.

import { open } from "./detail.js";

const slot = (item) => `kept ${item}`;

/** Keeps the fields of `body` (a URLSearchParams) under its `item`. Tokens and numbers of the old page are left out. */
export function keep(body) {
  const fields = Object.fromEntries(body);
  delete fields.csrf;
  delete fields.expect;
  try {
    sessionStorage.setItem(slot(fields.item), JSON.stringify(fields));
    return true;
  } catch {
    return false;
  }
}

/** What is kept for `item`: its fields, or null. */
export function kept(item) {
  try {
    return JSON.parse(sessionStorage.getItem(slot(item)) ?? "null");
  } catch {
    return null;
  }
}

/** Takes out what was kept for `item`: its fields, or null. */
export function take(item) {
  const fields = kept(item);
  try {
    sessionStorage.removeItem(slot(item));
  } catch {
    // What cannot be removed could not be read either.
  }
  return fields;
}

/** Puts `fields` into the form of `article` that they came from, and opens the reason where one was being given. */
export function restore(article, fields) {
  const named = { assign: "form.assign", comment: "form.comment", add: "form.add" };
  const form = article.querySelector(named[fields.action] ?? "form.decide");
  if (!form) return;
  fill(form, fields);
  if (form.matches(".decide") && fields.why) open(form, fields.action);
}

/** Puts those of `fields` into `form` that are typed or chosen there, and opens what it is folded into. */
export function fill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    const typed = field instanceof RadioNodeList || (field && field.type !== "hidden" && "value" in field && field.type !== "submit");
    if (typed) field.value = value;
  }
  form.closest("details")?.setAttribute("open", "");
}
