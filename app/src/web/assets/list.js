// The rows of the queue: which item comes next, where its detail is had, and what state each row shows. On the page of a single
// match there is no list, and nothing is found in it.

/** The list itself, or null. */
export const list = document.getElementById("queue");

const rows = () => (list ? [...list.querySelectorAll(".item")] : []);
/** The row of `item`, if the list has it. */
export const row = (item) => rows().find((each) => each.dataset.item === item);

/** The item `steps` rows after that of `item` (before it where negative), or undefined past either end. */
export function from(item, steps) {
  const all = rows();
  return all[all.findIndex((each) => each.dataset.item === item) + steps]?.dataset.item;
}

/** Marks the row of `item` as the chosen one and brings it into sight. */
export function choose(item) {
  for (const each of rows()) {
    const link = each.firstElementChild;
    if (each.dataset.item === item) {
      link.setAttribute("aria-current", "true");
      each.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
}

/** Where the detail of `item` is had as a fragment. */
export function addressOf(item) {
  const known = row(item)?.dataset.href;
  if (known) return known;
  const [kind, ...parts] = item.split("/");
  const path = parts.map(encodeURIComponent).join("/");
  return `${kind === "r" ? "/requirements" : "/matches"}/${path}?fragment=1`;
}

/** What the row of `item` says of its state: the class of its chip, and its words. */
export function state(item) {
  const chip = row(item)?.querySelector(".chip");
  return { kind: chip?.classList[1] ?? "proposed", text: chip?.textContent ?? "proposed" };
}

/** Makes the row of `item` show the state `kind` with the words `text`, and counts what is still open. */
export function tell(item, kind, text) {
  const at = row(item);
  const chip = at?.querySelector(".chip");
  if (!chip) return;
  chip.className = `chip ${kind.replace(" ", "-")}`;
  chip.textContent = text ?? kind;
  at.classList.toggle("done", !["proposed", "again", "failed"].includes(kind));
  const open = document.getElementById("open-count");
  if (open) open.textContent = String(rows().filter((each) => !each.classList.contains("done")).length + Number(open.dataset.beyond ?? 0));
}
