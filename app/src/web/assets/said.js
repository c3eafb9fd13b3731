// What is said to the reader when something was done or went wrong. The region `#said` is in every page and is announced by
// screen readers; a message leaves after a while unless it reports a fault.

const STAYS_MS = 8000;
const AT_MOST = 3;

/**
 * Shows `text` in the corner. `bad` marks a fault, which stays until it is closed. `button` and `press` offer one thing to do
 * about it.
 */
export function say(text, { bad = false, button = "", press = null } = {}) {
  const region = document.getElementById("said");
  if (!region) return;
  const toast = document.createElement("div");
  toast.className = bad ? "toast bad" : "toast";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words);
  const offered = document.createElement("button");
  offered.type = "button";
  offered.textContent = button || "Close";
  offered.addEventListener("click", () => {
    toast.remove();
    press?.();
  });
  if (button || bad) toast.append(offered);
  region.append(toast);
  while (region.children.length > AT_MOST) region.firstElementChild.remove();
  if (!bad) setTimeout(() => toast.remove(), STAYS_MS);
}
