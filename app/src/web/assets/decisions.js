// Sending a decision and reading the server's answer.

const FAULTS = {
  403: "Your role does not allow this. Ask an administrator to make you a reviewer.",
  413: "That is more text than can be recorded. Shorten it and send it again.",
  429: "Too many requests at once. Wait a moment and send it again.",
};

/** The words and the chip of an item while its decision is under way, by action. */
export const STATES = {
  accept: "accepted",
  override: "overridden",
  reject: "rejected",
  "not-applicable": "not applicable",
  undo: "proposed",
  add: "added",
};

/** What `form` would send for `action`. */
export function bodyOf(form, action) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name !== "action") body.append(name, value);
  body.set("action", action);
  if (action !== "override" && action !== "add") body.delete("sufficiency");
  return body;
}

/** The `article.detail` in a fragment of HTML, or null. Nothing in it runs or loads before it is put into the page. */
export function detailIn(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("article.detail");
}

/**
 * Sends `body` and resolves, never rejects, to `{ kind, article, text }`: `done` and `conflict` carry the new detail,
 * `session` means that a login is needed, `fault` carries a sentence.
 */
export async function send(body) {
  let answer;
  try {
    answer = await fetch("/decisions", {
      method: "POST",
      headers: { "X-Requested-With": "sufficit", "X-CSRF": body.get("csrf") ?? "", Accept: "text/html" },
      body,
      redirect: "manual",
    });
  } catch {
    return { kind: "fault", text: "The server did not answer. Is it still running? Nothing is lost: send it again." };
  }
  if (answer.status === 401 || answer.type === "opaqueredirect") return { kind: "session" };
  const html = await answer.text().catch(() => "");
  const article = detailIn(html);
  if (answer.ok && article) return { kind: "done", article };
  if (answer.status === 409 && article) return { kind: "conflict", article };
  return { kind: "fault", text: sentence(answer, html) };
}

/** Why `answer` with the body `text` is none that was hoped for, as a sentence. */
export function sentence(answer, text) {
  const plain = answer.headers.get("Content-Type")?.startsWith("text/plain") ? text : faultIn(text);
  if (plain.trim()) return plain.trim();
  return FAULTS[answer.status] ?? `The server could not record it (status ${answer.status}). Send it again.`;
}

function faultIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return (page.querySelector(".fault:not([hidden])") ?? page.querySelector("main.narrow h1"))?.textContent ?? "";
}
