// Finds a quote in the text of a page. The quote comes from the canonical text of the record, the page's runs of text from
// pdf.js, and the two cut, join and space the same words differently (cells, bullets, hyphens at line ends, ligatures). So only
// letters and digits are compared, and each of them remembers which run it came from. Pure: no page, no network.

/** Share of a quote that must be found before a part of it is marked. */
const ENOUGH = 0.6;
/** Letters and digits of which a part of a quote must have this many to be looked for by itself. */
const PART = 6;

/** The letters and digits of `text`, in small letters and without accents: `[character, position in text]` each. */
function* letters(text) {
  let at = 0;
  for (const character of text) {
    for (const part of character.normalize("NFKD").toLowerCase()) if (/[\p{L}\p{N}]/u.test(part)) yield [part, at];
    at += character.length;
  }
}

const bare = (text) => Array.from(letters(text), ([part]) => part).join("");

/** What `find` searches: the runs of a page as one string of letters and digits, with the way back to each run. */
export function searchable(runs) {
  const text = [];
  const from = [];
  const words = [];
  runs.forEach((run, index) => {
    let inWord = -2;
    for (const [part, at] of letters(run)) {
      if (at > inWord + 1) words.push(text.length);
      inWord = at;
      text.push(part);
      from.push([index, at]);
    }
  });
  // Some letters are two code units long: positions in a string would not be positions in `from`.
  const units = [];
  text.forEach((part, index) => {
    for (let unit = 0; unit < part.length; unit += 1) units.push(index);
  });
  return { text: text.join(""), from, units, words };
}

/** Whether `text` (a form's field, a note) says `quote` or a good part of it. */
export function says(text, quote) {
  const [one, other] = [bare(text), bare(quote)];
  return one.length >= PART && (other.includes(one) || (other.length >= PART && one.includes(other)));
}

/**
 * Where `quote` stands in `page` (made by `searchable`): `[run, start, end]` for each run touched, `end` exclusive; empty where
 * it does not stand there. Of several places, the one nearest to `share`, the part of the page that comes before it (0 to 1). A
 * quote that is only there in parts (cells in another order, a line between its sentences) gives those parts, if they make up
 * most of it.
 */
export function find(page, quote, share = 0) {
  const whole = bare(quote);
  if (!whole || !page.text) return [];
  let best = -1;
  const off = (at) => Math.abs(at - share * page.text.length);
  for (let at = page.text.indexOf(whole); at >= 0; at = page.text.indexOf(whole, at + 1)) {
    if (best < 0 || off(at) < off(best)) best = at;
  }
  if (best >= 0) return spans(page, [[best, best + whole.length]]);
  const parts = inParts(page, quote, whole.length);
  return spans(page, parts.length ? parts : alike(page, quote));
}

/** Where the end of `quote` begins `page`, or its beginning ends it: a quote that runs over the end of a page. */
export function findHalf(page, quote) {
  const whole = bare(quote);
  for (let length = whole.length - 1; length >= Math.max(PART * 2, whole.length / 4); length -= 1) {
    if (page.text.endsWith(whole.slice(0, length))) return spans(page, [[page.text.length - length, page.text.length]]);
    const head = page.text.slice(0, whole.length * 3).indexOf(whole.slice(-length));
    if (head >= 0) return spans(page, [[head, head + length]]);
  }
  return [];
}

function inParts(page, quote, length) {
  const found = [];
  let covered = 0;
  for (const cut of [/[|\t\n\u2022\u00b7]+|(?<=[.;:])\s/, /[|\t\n\u2022\u00b7,()]+|(?<=[.;:])\s/]) {
    found.length = 0;
    covered = 0;
    let near = -1;
    for (const part of quote.split(cut).map(bare)) {
      if (part.length < PART && !(near >= 0 && part)) continue;
      const after = page.text.indexOf(part, Math.max(near, 0));
      const at = after >= 0 && (part.length >= PART || after - near < PART) ? after : part.length >= PART ? page.text.indexOf(part) : -1;
      if (at < 0) continue;
      found.push([at, at + part.length]);
      covered += part.length;
      near = at + part.length;
    }
    if (covered >= ENOUGH * length) return found;
  }
  return [];
}

// The stretch of the page, as long as the quote and half as much again, that shares most words with it.
function alike(page, quote) {
  const wanted = quote.split(/[^\p{L}\p{N}]+/u).map(bare).filter((word) => word.length > 2);
  if (wanted.length < 4) return [];
  const ends = [...page.words.slice(1), page.from.length];
  const hits = page.words
    .map((start, index) => [start, ends[index]])
    .filter(([start, end]) => wanted.includes(bareSlice(page, start, end)));
  const reach = bare(quote).length * 1.5;
  let best = [];
  let first = 0;
  for (let last = 0; last < hits.length; last += 1) {
    while (hits[last][1] - hits[first][0] > reach) first += 1;
    const inside = hits.slice(first, last + 1);
    const kinds = new Set(inside.map(([start, end]) => bareSlice(page, start, end))).size;
    if (kinds > best.kinds || best.kinds === undefined) best = Object.assign(inside, { kinds });
  }
  return best.kinds >= ENOUGH * new Set(wanted).size ? best.map(([start, end]) => [unitOf(page, start), unitOf(page, end)]) : [];
}

const unitOf = (page, letter) => {
  const at = page.units.indexOf(letter);
  return at < 0 ? page.units.length : at;
};
const bareSlice = (page, start, end) => page.text.slice(unitOf(page, start), unitOf(page, end));

/** Stretches of the searched string as spans of runs, joined where they touch. */
function spans(page, stretches) {
  const byRun = new Map();
  for (const [start, end] of stretches) {
    for (let unit = start; unit < end; unit += 1) {
      const [run, at] = page.from[page.units[unit]] ?? [];
      if (run === undefined) continue;
      const span = byRun.get(`${run}/${start}`) ?? [run, at, at + 1];
      span[1] = Math.min(span[1], at);
      span[2] = Math.max(span[2], at + 1);
      byRun.set(`${run}/${start}`, span);
    }
  }
  return [...byRun.values()];
}
