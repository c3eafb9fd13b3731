// Shows one page of a PDF with the cited passage marked in it. The page is drawn by pdf.js; its text layer lies over the
// picture, so that the passage can be found, selected and read aloud. Where the file or the passage cannot be had, a sentence
// says so and the extracted text, which the server always sends along, is shown instead.

import { getDocument, GlobalWorkerOptions, TextLayer } from "./vendor/pdf.min.mjs";
import { find, findHalf, says, searchable } from "./quote.js";

const vendor = (path) => new URL(`./vendor/${path}`, import.meta.url).href;
GlobalWorkerOptions.workerSrc = vendor("pdf.worker.min.mjs");

/** Files held open: the one that is shown, those fetched ahead, and some that one may come back to. */
const OPEN = 4;
/** Bytes of a file that are fetched at a time; one that is hardly longer is fetched as a whole. */
const PART = 1 << 18;
/** Pages on either side of the cited one that are searched before the others, and how many pages are searched at most. */
const NEAR = 2;
const SEARCHED = 80;
/** A canvas of more pixels than this is refused by some browsers. */
const PIXELS = 16_000_000;
/** A column that has become wider or narrower by more than a scroll bar (in CSS pixels) has its page drawn anew. */
const RESIZED = 24;
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

const opened = new Map();
const views = new WeakMap();

function open(file) {
  const known = opened.get(file);
  if (known) {
    opened.delete(file);
    opened.set(file, known);
    return known.promise;
  }
  const task = getDocument({
    url: file,
    // Of a long file only what is shown is fetched.
    rangeChunkSize: PART,
    disableAutoFetch: true,
    disableStream: true,
    isEvalSupported: false,
    enableXfa: false,
    cMapUrl: vendor("cmaps/"),
    cMapPacked: true,
    standardFontDataUrl: vendor("standard_fonts/"),
    wasmUrl: vendor("wasm/"),
  });
  opened.set(file, task);
  task.promise.catch(() => opened.delete(file));
  for (const [old, each] of [...opened].slice(0, -OPEN)) {
    opened.delete(old);
    each.destroy();
  }
  return task.promise;
}

/** Opens `file` before it is shown. A fault is told when it is shown. */
export function ahead(file) {
  open(file).catch(() => {});
}

/**
 * Fills the `div.pdf` with the page `data-page` of `data-file`, the text `data-quote` marked. Where the quote stands there more
 * than once, `data-share` (0 to 1, the part of the page's text that comes before it) says which is meant. Resolves to whether it
 * was found.
 */
export async function fill(div) {
  const view = views.get(div) ?? build(div);
  view.page = Math.max(1, Number.parseInt(div.dataset.page, 10) || 1);
  view.quote = div.dataset.quote ?? "";
  view.share = Number.parseFloat(div.dataset.share) || 0;
  view.turn += 1;
  const turn = view.turn;
  tell(view, "Loading the page.");
  try {
    view.document = await open(div.dataset.file);
    if (turn !== view.turn) return false;
    view.page = Math.min(view.page, view.document.numPages);
    const place = await placeOf(view);
    if (turn !== view.turn) return false;
    if (place) view.page = place.page;
    view.marked = place?.page ?? 0;
    const drawn = await draw(view);
    if (!drawn) return false;
    beside(view, !place && view.quote !== "");
    tell(view, sentence(view, place));
    return Boolean(place);
  } catch (fault) {
    if (turn !== view.turn) return false;
    fail(view, fault);
    return false;
  }
}

/** Takes the picture out of `div`, so that its memory is free; `fill` draws it again. */
export function empty(div) {
  const view = views.get(div);
  if (!view) return;
  view.turn += 1;
  view.task?.cancel();
  view.leaf.replaceChildren();
}

function build(div) {
  const view = { div, turn: 0, zoom: 1, page: 1, width: 0, quote: "", share: 0, marked: 0, document: null, task: null, spans: [], fields: [] };
  const button = (name, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "quiet";
    made.textContent = name;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  view.tools = document.createElement("div");
  view.tools.className = "tools";
  view.tools.setAttribute("role", "toolbar");
  view.tools.setAttribute("aria-label", "Page");
  view.count = document.createElement("output");
  view.said = document.createElement("span");
  view.said.className = "said";
  view.said.setAttribute("role", "status");
  view.text = button("Text", "Show the extracted text beside the page", () => beside(view, !div.classList.contains("beside")));
  view.text.setAttribute("aria-pressed", "false");
  view.tools.append(
    button("‹", "Previous page", () => leafTo(view, view.page - 1)),
    view.count,
    button("›", "Next page", () => leafTo(view, view.page + 1)),
    button("−", "Smaller", () => zoomBy(view, -1)),
    button("+", "Larger", () => zoomBy(view, 1)),
    view.text,
    view.said,
  );
  view.leaf = document.createElement("div");
  view.leaf.className = "leaf";
  div.replaceChildren(view.tools, view.leaf);
  div.addEventListener("keydown", (event) => {
    if (event.target !== div) return;
    if (event.key === "PageDown" && event.shiftKey) leafTo(view, view.page + 1);
    else if (event.key === "PageUp" && event.shiftKey) leafTo(view, view.page - 1);
    else return;
    event.preventDefault();
  });
  new ResizeObserver(() => {
    const width = div.clientWidth;
    if (!view.document || !view.width || !width || Math.abs(width - view.width) < RESIZED) return;
    view.turn += 1;
    draw(view).catch((fault) => fail(view, fault));
  }).observe(div);
  views.set(div, view);
  return view;
}

async function runsOf(document, number) {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  return items.filter((item) => item.str !== undefined).map((item) => item.str);
}

// The cited page first, then its neighbours (a page label may differ from its number), then the others.
async function placeOf(view) {
  view.spans = [];
  view.fields = [];
  view.picture = false;
  if (!view.quote) return null;
  const total = view.document.numPages;
  const pages = Array.from({ length: total }, (_, index) => index + 1)
    .sort((one, other) => Math.abs(one - view.page) - Math.abs(other - view.page))
    .slice(0, SEARCHED);
  for (const page of pages) {
    const searched = searchable(await runsOf(view.document, page));
    if (page === view.page && !searched.text) view.picture = true;
    view.spans = find(searched, view.quote, view.share);
    if (view.spans.length) return { page };
    if (Math.abs(page - view.page) > NEAR) continue;
    view.spans = findHalf(searched, view.quote);
    view.fields = view.spans.length ? [] : await fieldsOf(view, page);
    if (view.spans.length || view.fields.length) return { page };
  }
  return null;
}

// What is filled into a form or noted on a page is no part of the page's text, but has a place on it.
async function fieldsOf(view, number) {
  const page = await view.document.getPage(number);
  const notes = await page.getAnnotations();
  const texts = (note) => [note.fieldValue, note.contentsObj?.str, note.textContent?.join(" ")];
  return notes
    .filter((note) => texts(note).some((text) => typeof text === "string" && says(text, view.quote)))
    .map((note) => note.rect);
}

async function draw(view) {
  const turn = view.turn;
  const page = await view.document.getPage(view.page);
  const wide = page.getViewport({ scale: 1 });
  view.width = view.div.clientWidth;
  const room = Math.max(280, view.width - 32);
  const viewport = page.getViewport({ scale: (room / wide.width) * view.zoom });
  const sharp = Math.min(devicePixelRatio || 1, 2, Math.sqrt(PIXELS / (viewport.width * viewport.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width * sharp);
  canvas.height = Math.floor(viewport.height * sharp);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Page ${view.page} of ${view.document.numPages}, as a picture; its text follows`);
  view.task?.cancel();
  view.task = page.render({ canvas, viewport, transform: sharp === 1 ? null : [sharp, 0, 0, sharp, 0, 0] });
  const layer = document.createElement("div");
  layer.className = "textLayer";
  const text = new TextLayer({ textContentSource: await page.getTextContent(), container: layer, viewport });
  try {
    await view.task.promise;
  } catch (fault) {
    if (fault?.name === "RenderingCancelledException") return false;
    throw fault;
  }
  if (turn !== view.turn) return false;
  view.leaf.style.width = `${viewport.width}px`;
  view.leaf.style.height = `${viewport.height}px`;
  view.leaf.style.setProperty("--total-scale-factor", String(viewport.scale));
  view.leaf.style.setProperty("--scale-round-x", "1px");
  view.leaf.style.setProperty("--scale-round-y", "1px");
  view.leaf.replaceChildren(canvas, layer);
  await text.render();
  if (turn !== view.turn) return false;
  view.count.textContent = `${view.page} / ${view.document.numPages}`;
  view.div.classList.add("drawn");
  if (view.page === view.marked) markPassage(view, text.textDivs, viewport);
  else view.div.scrollTop = 0;
  return true;
}

function markPassage(view, runs, viewport) {
  const origin = view.leaf.getBoundingClientRect();
  const boxes = view.fields.map((rect) => {
    const [left, top, right, bottom] = viewport.convertToViewportRectangle(rect);
    return new DOMRect(origin.left + Math.min(left, right), origin.top + Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top));
  });
  for (const [run, start, end] of view.spans) {
    const node = runs[run]?.firstChild;
    if (!node) continue;
    const range = document.createRange();
    range.setStart(node, Math.min(start, node.length));
    range.setEnd(node, Math.min(end, node.length));
    boxes.push(...range.getClientRects());
  }
  for (const box of boxes) {
    const found = document.createElement("div");
    found.className = "found";
    found.style.left = `${box.left - origin.left}px`;
    found.style.top = `${box.top - origin.top}px`;
    found.style.width = `${box.width}px`;
    found.style.height = `${box.height}px`;
    view.leaf.append(found);
  }
  const top = Math.min(...boxes.map((box) => box.top - origin.top));
  const left = Math.min(...boxes.map((box) => box.left - origin.left));
  if (!boxes.length) return;
  view.div.scrollTop = Math.max(0, view.leaf.offsetTop + top - view.div.clientHeight / 3);
  view.div.scrollLeft = Math.max(0, view.leaf.offsetLeft + left - 32);
}

async function leafTo(view, page) {
  if (!view.document || page < 1 || page > view.document.numPages) return;
  view.page = page;
  view.turn += 1;
  await draw(view).catch((fault) => fail(view, fault));
}

async function zoomBy(view, steps) {
  const at = ZOOMS.indexOf(view.zoom) + steps;
  if (!view.document || !ZOOMS[at]) return;
  view.zoom = ZOOMS[at];
  view.turn += 1;
  await draw(view).catch((fault) => fail(view, fault));
}

function beside(view, shown) {
  view.div.classList.toggle("beside", shown);
  view.text.setAttribute("aria-pressed", String(shown));
}

function tell(view, text) {
  view.said.textContent = text;
}

function sentence(view, place) {
  if (!view.quote) return "";
  if (!place && view.picture) return "This page is a picture. Its text was recognised, so the passage can be marked in the text below only.";
  if (!place) return "The passage was not found in the drawn pages; it is marked in the text below.";
  const cited = Number.parseInt(view.div.dataset.page, 10);
  return place.page === cited ? "Passage marked." : `Passage marked; it stands on page ${place.page} of the file.`;
}

function fail(view, fault) {
  const reasons = {
    PasswordException: "The file is protected by a password and cannot be drawn here; its text is below.",
    InvalidPDFException: "The file is damaged and cannot be drawn; its text is below.",
  };
  const gone = fault?.status === 404 ? "The file is gone or has changed since it was read; the text that was read is below." : "";
  const ended = fault?.status === 401 ? "The session has ended: log in again to see the page. The text is below." : "";
  view.leaf.replaceChildren();
  beside(view, true);
  tell(view, gone || ended || reasons[fault?.name] || "The page could not be drawn; its text is below.");
}
