// Keys of the results page: j and k move between results, the arrows too once a result has the focus; ? shows the
// keys. Enter opens because results are links; js/shell.js takes / to the search field. Typing in a field is never
// disturbed, and who does not want single keys (WCAG 2.1.4) switches them off in the list of keys.

const KEPT = "single-keys";
const dialog = document.getElementById("search-keys");
const choice = document.querySelector("[data-single-keys]");

function wanted() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function keep(on) {
  try {
    if (on) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
  } catch {
    // The choice holds for this page only.
  }
  document.documentElement.toggleAttribute("data-no-single-keys", !on);
}

function results() {
  return [...document.querySelectorAll("[data-results] .result-title a")];
}

/** Moves the focus by one result; from elsewhere, forwards goes to the first and backwards to the last. */
function move(step) {
  const links = results();
  const here = links.findIndex((link) => link.closest(".result").contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  const link = links[next];
  if (!link) return false;
  link.focus();
  link.closest(".result").scrollIntoView({ block: "nearest" });
  return true;
}

function key(event) {
  const onResult = document.activeElement?.matches?.("[data-results] .result-title a");
  if (onResult && event.key === "ArrowDown") return move(1);
  if (onResult && event.key === "ArrowUp") return move(-1);
  if (!wanted()) return false;
  if (event.key === "j") return move(1);
  if (event.key === "k") return move(-1);
  if (event.key === "?" && dialog) {
    dialog.showModal();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  if (typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (key(event)) event.preventDefault();
});

if (choice) {
  choice.checked = wanted();
  keep(choice.checked);
  choice.addEventListener("change", () => keep(choice.checked));
}
