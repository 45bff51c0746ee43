// The Markdown editor: a bar of buttons over a plain textarea and a preview drawn by the server. Drafts: drafts.js. See
// components/editor_words.html.

const TOOLS = [
  { name: "bold", icon: "bold", key: "b", wrap: "**" },
  { name: "italic", icon: "italic", key: "i", wrap: "*" },
  { name: "heading", icon: "heading", line: () => "### " },
  null,
  { name: "quote", icon: "quote", line: () => "> " },
  { name: "code", icon: "code", key: "e", code: true },
  { name: "link", icon: "link", key: "k", link: true },
  null,
  { name: "list", icon: "list", line: () => "- " },
  { name: "ordered", icon: "list-ordered", line: (n) => `${n + 1}. ` },
];
const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0];

/** Puts text in place of the selection as one step of undo, and selects [from, to) of it. */
function replace(area, text, from = text.length, to = from) {
  const start = area.selectionStart;
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
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

function apply(area, tool) {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  if (tool.line) {
    const lines = selectLines(area).split("\n");
    const marked = lines.every((line, n) => line.startsWith(tool.line(n)));
    const text = lines.map((line, n) => (marked ? line.slice(tool.line(n).length) : tool.line(n) + line)).join("\n");
    replace(area, text);
  } else if (tool.link) {
    const address = /^https?:\/\/\S+$/.test(chosen);
    const text = address ? `[](${chosen})` : `[${chosen}](https://)`;
    replace(area, text, address ? 1 : chosen.length + 3, address ? 1 : chosen.length + 11);
  } else if (tool.code && chosen.includes("\n")) {
    replace(area, `\`\`\`\n${chosen}\n\`\`\``, 4, 4 + chosen.length);
  } else {
    const mark = tool.code ? "`" : tool.wrap;
    replace(area, mark + chosen + mark, mark.length, mark.length + chosen.length);
  }
}

function toolButton(editor, area, tool) {
  const button = document.createElement("button");
  const words = editor.dataset[`word${tool.name[0].toUpperCase()}${tool.name.slice(1)}`] || tool.name;
  button.type = "button";
  button.className = "button button-quiet";
  button.setAttribute("aria-label", words);
  button.title = tool.key ? `${words} (Ctrl+${tool.key.toUpperCase()})` : words;
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${tool.icon}`);
  drawing.append(use);
  button.append(drawing);
  button.addEventListener("click", () => apply(area, tool));
  return button;
}

function buildBar(editor, area) {
  const bar = editor.querySelector("[data-editor-bar]");
  if (!bar) return;
  for (const tool of TOOLS) {
    if (tool) bar.append(toolButton(editor, area, tool));
    else bar.append(Object.assign(document.createElement("span"), { className: "editor-bar-gap" }));
  }
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const tool = TOOLS.find((one) => one?.key === event.key.toLowerCase());
    if (!tool) return;
    event.preventDefault();
    apply(area, tool);
  });
}

/** Draws the preview with the server's own renderer; a late answer never replaces a newer one. */
function keepPreview(editor, area) {
  const output = editor.querySelector("[data-editor-output]");
  const url = editor.dataset.previewUrl;
  if (!output || !url) return;
  let timer, asked;
  async function draw() {
    asked?.abort();
    if (!area.value.trim()) {
      output.replaceChildren(Object.assign(document.createElement("p"), { className: "soft", textContent: editor.dataset.wordEmpty || "" }));
      return;
    }
    const mine = (asked = new AbortController());
    const token = area.form?.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    try {
      const answer = await fetch(url, {
        method: "POST", signal: mine.signal, body: new URLSearchParams({ body: area.value }),
        headers: { "X-CSRFToken": token, "HX-Request": "true" },
      });
      // The server cleans what it renders: this is the same HTML that readers will get.
      if (answer.ok && mine === asked) output.innerHTML = await answer.text();
    } catch {
      // Offline or replaced: the last drawing stays.
    }
  }
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 350);
  });
  draw();
}

function start(editor) {
  if (editor.dataset.ready) return;
  editor.dataset.ready = "yes";
  const area = editor.querySelector("textarea");
  buildBar(editor, area);
  keepPreview(editor, area);
}

for (const editor of document.querySelectorAll("[data-editor]")) start(editor);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.("[data-editor]").forEach(start));
