// What is said to the reader when something was done or went wrong. The region `#said` is in every page and is announced by
// screen readers. A message of success leaves after a while, or when the next one comes; a fault stays until it is closed.

const STAYS_MS = 8000;
const FAULTS_AT_MOST = 3;

/**
 * Shows `text` in the corner. `bad` marks a fault, which stays until it is closed. `button` and `press` offer one thing to do
 * about it.
 */
export function say(text, { bad = false, button = "", press = null } = {}) {
  const region = document.getElementById("said");
  if (!region) return;
  for (const old of region.querySelectorAll(".toast:not(.bad)")) old.remove();
  const faults = [...region.querySelectorAll(".toast.bad")];
  for (const old of faults.slice(0, Math.max(0, faults.length + 1 - FAULTS_AT_MOST))) old.remove();
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
  if (!bad) setTimeout(() => toast.remove(), STAYS_MS);
}
