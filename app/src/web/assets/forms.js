// Forms that record something on pages without the queue: adding a match from the search, correcting a document. They are sent
// from within the page, so that what was typed is still there where the session has ended or something stands in the way.

import { bodyOf, sentence } from "./decisions.js";
import { fill, keep, kept, take } from "./kept.js";
import { say } from "./said.js";

/** What tells the forms apart that are about one item. */
const APART = ["field", "start", "end"];

const forms = () => document.querySelectorAll("form[action='/decisions']");
const value = (form, name) => form.elements.namedItem(name)?.value ?? "";
const sending = new WeakSet();

/** Puts back what was kept, and takes over the sending. */
export function start() {
  for (const form of forms()) {
    const fields = kept(value(form, "item"));
    if (!fields || !APART.every((name) => value(form, name) === (fields[name] ?? ""))) continue;
    fill(form, take(fields.item));
    form.scrollIntoView({ block: "center" });
    say("What you had typed was kept. Look at it and send it again.");
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[action='/decisions']")) return;
    event.preventDefault();
    if (sending.has(form)) return;
    sending.add(form);
    send(bodyOf(form, event.submitter?.value ?? "")).finally(() => sending.delete(form));
  });
}

async function send(body) {
  const here = location.pathname + location.search;
  let answer;
  try {
    answer = await fetch("/decisions", { method: "POST", body, redirect: "manual" });
  } catch {
    say("The server did not answer. Is it still running? Nothing is lost: send it again.", { bad: true });
    return;
  }
  // What was recorded leads on to where it can be seen.
  if (answer.type === "opaqueredirect") location.assign(body.get("back") || here);
  else if (answer.status === 401) again(body, `/login?back=${encodeURIComponent(here)}`, "The session has ended");
  else {
    const text = sentence(answer, await answer.text().catch(() => ""));
    // Somebody decided meanwhile, or logged in anew in another tab: the page as it is now can send it.
    const load = [403, 409].includes(answer.status) ? { button: "Load the page again", press: () => again(body, here, "The page is to be loaded again") } : {};
    say(text, { bad: true, ...load });
  }
}

/** Goes to `place` with what was typed kept; where the browser keeps nothing, says what to do, and first why it is needed. */
function again(body, place, why) {
  if (keep(body)) location.assign(place);
  else say(`${why}, and this browser keeps nothing for it. Copy what you typed, then load the page again.`, { bad: true });
}
