// A button to copy each block of code in a post. The event `code-shown` tells of blocks that came later (a preview).

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
  for (const block of root.querySelectorAll(".prose pre:has(> code)")) {
    if (block.parentElement.matches(".code-block")) continue;
    const frame = Object.assign(document.createElement("div"), { className: "code-block" });
    const button = parts.content.querySelector("[data-part=copy]").cloneNode(true);
    block.replaceWith(frame);
    block.tabIndex = 0; // a long line is scrolled with the arrow keys
    frame.append(block, button);
    button.addEventListener("click", () => copyCode(button, block));
  }
}

if (parts) {
  const begin = () => addButtons(document);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
  document.addEventListener("code-shown", (event) => addButtons(event.detail));
  document.addEventListener("htmx:load", (event) => addButtons(event.detail.elt));
}
