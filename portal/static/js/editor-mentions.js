// Names behind an @ in the editor: a list of members below the text, those in the thread first. Arrow keys choose, Enter
// or Tab takes, Escape closes. Nothing is offered inside code. See js/editor.js for the parts.

const WAIT = 120; // milliseconds after the last letter
const BEGUN = /(?:^|[\s([{"'«„“‘（「『【、。，])@([\p{L}\p{N}_.+-]{0,30})$/u;
const words = document.getElementById("editor-parts")?.dataset || {};
let count = 0;

/** Whether the caret stands in code: after an opened fence, or an odd number of ticks on its line. */
function inCode(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return (before.match(/^ {0,3}(```|~~~)/gm) || []).length % 2 === 1 || (line.match(/`/g) || []).length % 2 === 1 || /^( {4}|\t)/.test(line);
}

class Mentions {
  constructor(area) {
    this.area = area;
    this.turn = 0;
    this.chosen = -1;
    this.list = Object.assign(document.createElement("ul"), { className: "editor-members", hidden: true, id: `members-${++count}` });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.wordMembers);
    area.after(this.list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", this.list.id);
    area.addEventListener("input", () => this.look());
    area.addEventListener("click", () => this.close());
    area.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    area.addEventListener("keydown", (event) => this.key(event), { capture: true });
    area.addEventListener("editor-mention", () => {
      const before = area.value.slice(0, area.selectionStart);
      area.dispatchEvent(new CustomEvent("editor-insert", { detail: /(^|\s)$/.test(before) ? "@" : " @" }));
      this.look();
    });
  }

  look() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    const before = this.area.value.slice(0, this.area.selectionStart);
    const begun = BEGUN.exec(before);
    if (!begun || inCode(before) || this.area.selectionStart !== this.area.selectionEnd) {
      this.close();
      return;
    }
    this.timer = setTimeout(async () => {
      const asked = new URLSearchParams({ q: begun[1], question: words.question || "" });
      try {
        const answer = await fetch(`${words.membersUrl}?${asked}`, { headers: { "HX-Request": "true" } });
        if (answer.ok && turn === this.turn) this.show((await answer.json()).results, begun[1]);
      } catch {
        this.close(); // offline: a name can be typed as well
      }
    }, WAIT);
  }

  show(members, typed) {
    this.typed = typed;
    this.list.replaceChildren(...members.map((member, place) => this.option(member, place)));
    this.list.hidden = !members.length;
    this.choose(members.length ? 0 : -1);
  }

  option(member, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.dataset.username = member.username;
    const name = Object.assign(document.createElement("bdi"), { textContent: member.name });
    const handle = Object.assign(document.createElement("bdi"), { className: "soft", textContent: `@${member.username}` });
    option.append(name, " ", handle);
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(option);
    });
    return option;
  }

  choose(place) {
    this.chosen = place;
    const options = [...this.list.children];
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === place)));
    options[place]?.scrollIntoView({ block: "nearest" });
    if (options[place]) this.area.setAttribute("aria-activedescendant", options[place].id);
    else this.area.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const number = this.list.children.length;
    if (event.key === "ArrowDown") this.choose((this.chosen + 1) % number);
    else if (event.key === "ArrowUp") this.choose((this.chosen - 1 + number) % number);
    else if ((event.key === "Enter" || event.key === "Tab") && this.chosen >= 0) this.take(this.list.children[this.chosen]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  take(option) {
    const end = this.area.selectionStart;
    this.area.setSelectionRange(end - this.typed.length, end);
    this.close();
    this.area.dispatchEvent(new CustomEvent("editor-insert", { detail: `${option.dataset.username} ` }));
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.turn += 1;
    this.list.hidden = true;
    this.choose(-1);
  }
}

document.addEventListener("editor-ready", (event) => words.membersUrl && new Mentions(event.detail));
