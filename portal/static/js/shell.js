// What the frame of every page gains from scripts: the theme button, menus that close by themselves, forms that are
// sent once, dialogs, copied links, toasts. All of it works without: menus are <details>, links are links.

const root = document.documentElement;

/** Says something in the corner for a few seconds; other modules dispatch `toast` events to reach it. */
function showToast(words) {
  const place = document.querySelector("[data-toasts]");
  if (!place || !words) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = words;
  place.append(toast);
  setTimeout(() => toast.remove(), 6000);
}
document.addEventListener("toast", (event) => showToast(event.detail));

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // The choice holds for this page only.
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open], details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

/** Hands a link to the device where that is how one shares there (a phone), else puts it on the clipboard. */
async function copyLink(link) {
  const { href } = new URL(link.getAttribute("href"), location.href);
  try {
    if (link.dataset.share && navigator.share && matchMedia("(pointer: coarse)").matches) {
      await navigator.share({ title: link.dataset.share, url: href });
      return;
    }
    await navigator.clipboard.writeText(href);
  } catch {
    return;
  }
  link.dataset.done = "";
  setTimeout(() => delete link.dataset.done, 2000);
  showToast(link.dataset.copied);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-theme-toggle], [data-dialog], [data-print], .copy-link");
  closeMenus(event.target.closest("details"));
  if (!target) return;
  if (target.matches("[data-theme-toggle]")) switchTheme();
  else if (target.matches("[data-print]")) window.print();
  else if (target.matches("[data-dialog]")) {
    const dialog = document.getElementById(target.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  } else if (target.matches(".copy-link")) copyLink(target); // the address bar follows the link too
});

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !("noSingleKeys" in root.dataset) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = document.querySelector("#page-search, #hero-search") || document.querySelector("#site-search");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});

// Of a row of tabs that is wider than the screen the one that is open is seen.
for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
  const row = tab.parentElement;
  const [here, around] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  if (here.left < around.left || here.right > around.right) {
    row.scrollBy({ left: here.left + here.width / 2 - around.left - around.width / 2, behavior: "instant" });
  }
}

// A form with data-once is sent once; coming back to the page makes it ready again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // After this event: a disabled button would not be part of what is sent.
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((b) => b.setAttribute("aria-busy", "true")));
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
  }
});

// After a refused form the summary of errors is read first.
document.getElementById("errors")?.focus();
