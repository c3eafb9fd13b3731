// The detail of one item: the reason that a decision asks for, and the evidence that a citation leads to.

const pdfView = () => import("./pdf-view.js");

/** Makes a detail that was just put into the page ready: its page is drawn, and the citation that it opens with is marked. */
export function ready(article) {
  const pdf = article.querySelector(".pdf[data-file]");
  if (pdf) pdfView().then((view) => view.fill(pdf));
  const first = article.querySelector("a.cite[aria-current]") ?? article.querySelector("a.cite");
  if (first) mark(article, first);
}

/** Fetches what `article` will need to show, before it is asked for. */
export function prepare(article) {
  const file = article.querySelector(".pdf[data-file]")?.dataset.file;
  if (file) pdfView().then((view) => view.ahead(file));
}

/** Frees the pictures of pages in a detail that has left the page. */
export function rest(article) {
  const pdf = article.querySelector(".pdf[data-file]");
  if (pdf) pdfView().then((view) => view.empty(pdf));
}

/** Shows the passage that the citation `link` names: in the drawn page of a PDF, and in the text. */
export function cite(article, link) {
  if (!mark(article, link)) fetchText(article, link);
  const pdf = article.querySelector(".pdf[data-file]");
  if (!pdf || !link.dataset.page) return;
  pdf.dataset.page = link.dataset.page;
  pdf.dataset.quote = link.dataset.quote ?? "";
  pdf.dataset.share = link.dataset.share ?? "";
  pdfView().then((view) => view.fill(pdf));
}

// Of a long text only the part around one passage is in the page; another part comes from the citation's own address.
async function fetchText(article, link) {
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  const html = await fetch(address, { headers: { "X-Requested-With": "sufficit" } })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "");
  const text = new DOMParser().parseFromString(html, "text/html").querySelector(".evidence .text");
  if (!text || !link.hasAttribute("aria-current")) return;
  article.querySelector(".evidence .text")?.replaceWith(text);
  mark(article, link);
}

/** Marks `link` as the chosen citation, and its passage in the text. Whether the passage is in the text. */
function mark(article, link) {
  for (const other of article.querySelectorAll("a.cite")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const place = article.querySelector(".evidence .place");
  if (place) place.textContent = link.dataset.place ?? link.textContent;
  const text = article.querySelector(".evidence .text");
  const name = CSS.escape(link.hash.slice(1));
  const begin = text?.querySelector(`[id="${name}"]`);
  if (!begin) return !text;
  for (const other of text.querySelectorAll("mark.shown")) other.classList.remove("shown");
  // A passage over several lines or cells is in several marks, which all name it.
  for (const part of [begin, ...text.querySelectorAll(`mark[data-cite="${name}"]`)]) part.classList.toggle("shown", part.matches("mark"));
  scrollInside(text, begin);
  return true;
}

// Only the column of the evidence moves; scrollIntoView would move the page too.
function scrollInside(scroller, passage) {
  const over = passage.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop += over - scroller.clientHeight / 3;
}

const VERBS = {
  override: ["Override", "Why this score"],
  reject: ["Reject", "Why this evidence is rejected"],
  "not-applicable": ["Mark not applicable", "Why this requirement does not apply"],
};

/** Opens the reason of `form` for `action` and puts the cursor into it. */
export function ask(form, action) {
  open(form, action);
  form.elements.namedItem("why")?.focus();
}

/** Opens the reason of `form` for `action`; the focus stays where it is. */
export function open(form, action) {
  const [verb, question] = VERBS[action] ?? VERBS.override;
  form.dataset.asks = action;
  const send = form.querySelector(".reason button");
  if (send) {
    send.value = action;
    send.textContent = verb;
  }
  const label = form.querySelector(".reason label .question");
  if (label) label.textContent = question;
}

/** Closes the reason of `form` again and takes the score back; what was typed stays. */
export function unask(form) {
  delete form.dataset.asks;
  for (const score of form.querySelectorAll("input[name=sufficiency]")) score.checked = false;
  form.closest("article")?.querySelector("h2, h1")?.focus({ preventScroll: true });
}

/** Whether `action` cannot be recorded without a reason. */
export const needsReason = (action) => action in VERBS;
