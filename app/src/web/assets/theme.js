// Runs before the first paint, so that a chosen theme does not flash in after the other one. Not a module for that reason.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's choice holds then.
  }
})();
