// The Markdown editor: a bar of buttons over a plain textarea and a preview drawn by the server. The parts are cloned
// from <template id="editor-parts"> (components/editor_parts.html) into every [data-editor]; a small editor, such as a
// comment's, gets them when it is first used. Other scripts put text in by the event `editor-insert`.

const parts = document.getElementById("editor-parts");
const LINES = { heading: () => "### ", quote: () => "> ", list: () => "- ", ordered: (n) => `${n + 1}. ` };
const WRAPS = { bold: "**", italic: "*", code: "`" };
const ITEM = /^(\s*)(?:([-*+]) (\[[ x]\] )?|(\d{1,9})([.)]) |(> ?))/;
const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Puts text in place of the selection as one step of undo, and selects [from, to) of it. */
function replace(area, text, from = text.length, to = from) {
  const start = area.selectionStart;
  area.focus();
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    area.setRangeText(text, start, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
}

function selectLines(area) {
  const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = area.value.indexOf("\n", area.selectionEnd);
  area.setSelectionRange(from, end < 0 ? area.value.length : end);
  return area.value.slice(area.selectionStart, area.selectionEnd);
}

/** Begins every selected line like a list or a quote, or takes that away where every line begins so. */
function markLines(area, mark) {
  const lines = selectLines(area).split("\n");
  const marked = lines.every((line, n) => line.startsWith(mark(n)));
  replace(area, lines.map((line, n) => (marked ? line.slice(mark(n).length) : mark(n) + line)).join("\n"));
}

/** A fence longer than any inside what it holds, on lines of its own. */
function fence(area, chosen) {
  const longest = Math.max(2, ...(chosen.match(/`+/g) || []).map((run) => run.length));
  const ticks = "`".repeat(longest + 1);
  const before = area.value.slice(0, area.selectionStart);
  const lead = before && !before.endsWith("\n") ? "\n" : "";
  const start = lead.length + ticks.length + 1;
  replace(area, `${lead}${ticks}\n${chosen}\n${ticks}`, start, start + chosen.length);
}

function apply(area, tool) {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  if (LINES[tool]) markLines(area, LINES[tool]);
  else if (tool === "block" || (tool === "code" && chosen.includes("\n"))) fence(area, chosen);
  else if (WRAPS[tool]) replace(area, WRAPS[tool] + chosen + WRAPS[tool], WRAPS[tool].length, WRAPS[tool].length + chosen.length);
  else if (tool === "link") {
    const address = /^https?:\/\/\S+$/.test(chosen);
    const text = address ? `[](${chosen})` : `[${chosen}](https://)`;
    replace(area, text, address ? 1 : chosen.length + 3, address ? 1 : chosen.length + 11);
  } else area.dispatchEvent(new CustomEvent(`editor-${tool}`, { bubbles: true }));
}

/** Enter goes on with a list or a quote; on an empty item it ends it. */
function goOn(area, event) {
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (area.selectionStart !== area.selectionEnd || event.defaultPrevented) return;
  const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const line = area.value.slice(from, area.selectionStart);
  const item = ITEM.exec(line);
  if (!item) return;
  event.preventDefault();
  if (line.length === item[0].length) {
    area.setSelectionRange(from, area.selectionStart);
    replace(area, "");
    return;
  }
  const [, indent, bullet, box, number, dot, quote] = item;
  replace(area, `\n${indent}${bullet ? `${bullet} ${box ? "[ ] " : ""}` : quote || `${Number(number) + 1}${dot} `}`);
}

/** One stop of the Tab key for the whole bar; arrows go along the line of reading, Home and End to its ends. */
function rove(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const turn = (to) => {
    buttons.forEach((button) => (button.tabIndex = -1));
    to.tabIndex = 0;
  };
  turn(buttons[0]);
  bar.addEventListener("focusin", (event) => event.target.matches("button") && turn(event.target));
  bar.addEventListener("keydown", (event) => {
    const place = buttons.indexOf(event.target);
    const ahead = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = ahead === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const step = { [ahead]: place + 1, [back]: place - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (place < 0 || step === undefined) return;
    event.preventDefault();
    const next = buttons[(step + buttons.length) % buttons.length];
    turn(next);
    next.focus();
  });
}

function buildBar(editor, area) {
  const bar = document.createElement("div");
  bar.className = "editor-bar";
  bar.dataset.editorBar = "";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", parts.dataset.wordBar);
  if (area.id) bar.setAttribute("aria-controls", area.id);
  bar.append(...parts.content.querySelector("[data-part=bar]").cloneNode(true).children);
  const keys = new Map();
  for (const button of bar.querySelectorAll("[data-tool]")) {
    const { tool, key } = button.dataset;
    const shift = "shift" in button.dataset;
    button.title = button.getAttribute("aria-label");
    if (key) {
      const shown = key.toUpperCase();
      const place = key === "." ? "Period" : `${/\d/.test(key) ? "Digit" : "Key"}${shown}`;
      keys.set((shift ? "+" : "") + place, tool);
      button.title += apple ? ` (${shift ? "⇧" : ""}⌘${shown})` : ` (Ctrl+${shift ? "Shift+" : ""}${shown})`;
      button.setAttribute("aria-keyshortcuts", `${apple ? "Meta" : "Control"}+${shift ? "Shift+" : ""}${shown}`);
    }
    button.addEventListener("click", () => apply(area, tool));
  }
  area.addEventListener("keydown", (event) => {
    // By the place of the key, so that they work on every layout.
    const tool = (event.ctrlKey || event.metaKey) && !event.altKey && keys.get((event.shiftKey ? "+" : "") + event.code);
    if (tool) {
      event.preventDefault();
      apply(area, tool);
    } else goOn(area, event);
  });
  editor.prepend(bar);
  rove(bar);
}

/** Draws the preview with the server's own renderer; a late answer never replaces a newer one. */
function keepPreview(editor, area) {
  const place = parts.content.querySelector("[data-part=preview]").cloneNode(true);
  const small = "small" in editor.dataset;
  place.className = "editor-preview";
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", parts.dataset.wordPreview);
  editor.append(place);
  const output = place.querySelector("[data-editor-output]");
  let timer, asked;
  async function draw() {
    asked?.abort();
    place.hidden = small && !area.value.trim();
    if (!area.value.trim()) {
      output.replaceChildren(Object.assign(document.createElement("p"), { className: "soft", textContent: parts.dataset.wordEmpty }));
      return;
    }
    const mine = (asked = new AbortController());
    const token = area.form?.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(parts.dataset.previewUrl, {
        method: "POST", signal: mine.signal, body: new URLSearchParams({ body: area.value }),
        headers: { "X-CSRFToken": token, "HX-Request": "true" },
      });
      const text = await answer.text();
      // The server cleans what it renders: this is the same HTML that readers will get.
      if (answer.ok && mine === asked) {
        output.innerHTML = text;
        document.dispatchEvent(new CustomEvent("code-shown", { detail: output }));
      } else if (answer.status === 429 && mine === asked) later(Number(answer.headers.get("Retry-After")) * 1000 || 5000);
    } catch {
      // Offline or replaced: the last drawing stays.
    }
    if (mine === asked) place.removeAttribute("aria-busy");
  }
  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(draw, wait);
  }
  area.addEventListener("input", () => later(350));
  addEventListener("online", draw);
  draw();
}

function start(editor) {
  if (editor.dataset.ready) return;
  editor.dataset.ready = "yes";
  const area = editor.querySelector("textarea");
  buildBar(editor, area);
  keepPreview(editor, area);
  area.addEventListener("editor-insert", (event) => replace(area, event.detail));
  editor.dispatchEvent(new CustomEvent("editor-ready", { bubbles: true, detail: area }));
}

/** Small editors wait until somebody comes to them: a long thread has hundreds. */
function startLater(editor) {
  if ("small" in editor.dataset) editor.addEventListener("focusin", () => start(editor), { once: true });
  else start(editor);
}

// When all scripts of the page stand ready to hear of it.
const startAll = (root) => root.querySelectorAll?.("[data-editor]").forEach(startLater);
if (parts) {
  if (document.readyState === "complete") startAll(document);
  else addEventListener("DOMContentLoaded", () => setTimeout(() => startAll(document)));
  document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
  document.addEventListener("form-added", (event) => startAll(event.detail));
}
