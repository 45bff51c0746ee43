// Pictures and files in the editor: pasted, dropped or chosen, shrunk here, sent with their progress shown, and put into
// the text as Markdown. A form that is sent meanwhile waits for them. See js/editor.js for the parts.

const LONGEST = 2000; // pixels of the longest side that are sent
const LARGEST = 10 * 1024 * 1024;
const PLAIN_LARGEST = 1_500_000; // bytes of a PNG without clear places, above which it goes as JPEG
const SHRUNK = /^image\/(jpeg|png|webp|avif|heic|heif|bmp|tiff)$/;
const words = document.getElementById("editor-parts")?.dataset || {};
const copy = (part) => document.getElementById("editor-parts").content.querySelector(`[data-part=${part}]`).cloneNode(true);
const say = (text, name) => (text || "").replace("{name}", name);
let count = 0;

const toBlob = (canvas, type) => new Promise((done) => canvas.toBlob(done, type, 0.88));

/** Whether any pixel of a picture lets through what is behind it; looked for on a small copy. */
function isClear(bitmap) {
  const small = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
  const paper = small.getContext("2d", { willReadFrequently: true });
  paper.drawImage(bitmap, 0, 0, 64, 64);
  return paper.getImageData(0, 0, 64, 64).data.some((value, place) => place % 4 === 3 && value < 255);
}

/** Returns the picture no larger than is shown; a file that this browser cannot read as one as it is. */
async function shrink(file) {
  if (!SHRUNK.test(file.type)) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const drawn = file.type === "image/jpeg" ? null : await toBlob(canvas, "image/png");
    // Screenshots stay sharp as PNG, and what is clear stays clear; photographs go as JPEG.
    const kept = drawn && (drawn.size < PLAIN_LARGEST || isClear(bitmap)) ? drawn : await toBlob(canvas, "image/jpeg");
    bitmap.close();
    if (!kept || (scale === 1 && kept.size > file.size && file.type !== "image/bmp")) return file;
    const stem = file.name.replace(/\.[^.]*$/, "") || "picture";
    return new File([kept], `${stem}.${kept.type === "image/png" ? "png" : "jpg"}`, { type: kept.type });
  } catch {
    return file;
  }
}

/** Sends a file; resolves to the server's answer, rejects with what went wrong. */
function send(file, token, progress, stop) {
  return new Promise((done, fail) => {
    const call = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    call.open("POST", words.uploadUrl);
    call.setRequestHeader("X-CSRFToken", token);
    call.responseType = "json";
    call.upload.addEventListener("progress", (event) => event.lengthComputable && (progress.value = event.loaded / event.total));
    call.addEventListener("load", () => (call.status === 201 ? done(call.response) : fail(new Error(call.response?.error || ""))));
    call.addEventListener("error", () => fail(new Error("")));
    call.addEventListener("abort", () => fail(null));
    stop.addEventListener("click", () => call.abort());
    call.send(form);
  });
}

class Files {
  constructor(editor, area) {
    this.editor = editor;
    this.area = area;
    this.open = 0;
    this.place = Object.assign(document.createElement("div"), { className: "editor-files" });
    this.place.setAttribute("role", "status");
    area.after(this.place);
    this.input = Object.assign(document.createElement("input"), { type: "file", multiple: true, hidden: true });
    this.place.before(this.input);
    this.input.addEventListener("change", () => {
      this.take(this.input.files);
      this.input.value = "";
    });
    area.addEventListener("editor-file", () => this.input.click());
    area.addEventListener("paste", (event) => this.caught(event, event.clipboardData));
    editor.addEventListener("drop", (event) => this.caught(event, event.dataTransfer));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      editor.addEventListener(kind, (event) => {
        const over = kind === "dragover" && [...event.dataTransfer.types].includes("Files");
        if (over) event.preventDefault();
        editor.classList.toggle("editor-over", over);
      });
    }
    area.form?.addEventListener("submit", (event) => this.hold(event), { capture: true });
  }

  /** Takes the files of a paste or a drop; one that brings text besides (a cell of a sheet) stays text. */
  caught(event, brought) {
    const files = [...(brought?.files || [])];
    if (!files.length || (event.type === "paste" && brought.types.includes("text/plain"))) return;
    event.preventDefault();
    this.take(files);
  }

  take(files) {
    for (const file of files) this.add(file);
  }

  async add(given) {
    const name = given.name || "picture";
    const mark = `![${say(words.wordSending, name.replace(/[[\]\\]/g, ""))} ${++count}]()`;
    const row = Object.assign(document.createElement("p"), { className: "editor-file" });
    const progress = Object.assign(document.createElement("progress"), { max: 1 });
    const stop = copy("cancel");
    progress.setAttribute("aria-label", say(words.wordSending, name));
    row.append(Object.assign(document.createElement("bdi"), { textContent: say(words.wordSending, name) }), progress, stop);
    this.place.append(row);
    this.open += 1;
    this.area.dispatchEvent(new CustomEvent("editor-insert", { detail: this.apart(mark) }));
    let text = "";
    try {
      const file = await shrink(given);
      if (file.size > LARGEST) throw new Error(say(words.wordLarge, name));
      const token = this.area.form?.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
      text = (await send(file, token, progress, stop)).markdown;
      row.remove();
    } catch (error) {
      if (error) this.refuse(row, name, error.message || say(words.wordFailed, name));
      else row.remove();
    }
    this.open -= 1;
    this.settle(mark, text);
  }

  /** The mark as a paragraph of its own, unless it begins the text. */
  apart(mark) {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const lead = !before || /\n[ \t]*\n$/.test(before) ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    return `${lead}${mark}\n`;
  }

  /** Puts what came in the place of the mark, wherever it stands by now, and leaves the writer where she is. */
  settle(mark, text) {
    const from = this.area.value.indexOf(mark);
    if (from >= 0) {
      const end = from + mark.length + (!text && this.area.value[from + mark.length] === "\n" ? 1 : 0);
      this.area.setRangeText(text, from, end, "preserve");
    }
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    if (!this.open && this.held) {
      const sender = this.held.sender;
      this.held.row.remove();
      this.held = null;
      this.area.form.requestSubmit(sender);
    }
  }

  refuse(row, name, said) {
    row.className = "editor-file field-error";
    const named = said.includes(name) ? said : `${name}: ${said}`;
    row.replaceChildren(Object.assign(document.createElement("bdi"), { textContent: named }));
    setTimeout(() => row.remove(), 20000);
  }

  hold(event) {
    if (!this.open) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.held) return;
    const row = Object.assign(document.createElement("p"), { className: "editor-file", textContent: words.wordWait });
    this.place.append(row);
    this.held = { sender: event.submitter, row };
  }
}

document.addEventListener("editor-ready", (event) => words.uploadUrl && new Files(event.target, event.detail));
