// A button to copy each block of code in a post, and what is wide within reach of the keyboard. The event `code-shown` tells of blocks that came later (a preview).

const parts = document.getElementById("editor-parts");

async function copyCode(button, block) {
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(block.querySelector("code").innerText.replace(/\n$/, ""));
  } catch {
    return;
  }
  label.textContent = parts.dataset.wordCopied;
  setTimeout(() => (label.textContent = before), 2000);
}

function addButtons(root) {
  // What is wider than the screen is scrolled with the arrow keys.
  for (const wide of root.querySelectorAll(".prose :is(table, pre)")) {
    if (wide.matches("pre") || wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
  if (!parts) return;
  for (const block of root.querySelectorAll(".prose pre:has(> code)")) {
    if (block.parentElement.matches(".code-block")) continue;
    const frame = Object.assign(document.createElement("div"), { className: "code-block" });
    const button = parts.content.querySelector("[data-part=copy]").cloneNode(true);
    block.replaceWith(frame);
    frame.append(block, button);
    button.addEventListener("click", () => copyCode(button, block));
  }
}

const begin = () => addButtons(document);
if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
document.addEventListener("code-shown", (event) => addButtons(event.detail));
document.addEventListener("toggle", (event) => addButtons(event.target), true);
document.addEventListener("htmx:load", (event) => addButtons(event.detail.elt));
