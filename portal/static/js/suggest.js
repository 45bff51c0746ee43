// Turns a search field with data-suggest-url into a combobox (ARIA 1.2, list autocomplete): suggestions while typing,
// arrow keys, Home and End choose, Enter opens, Escape closes. What is shown always answers what stands in the field:
// it is hidden with the next letter, and an answer to an earlier text is dropped. While the field is empty the reader's
// own last searches are offered; they are kept in this browser only. Without this script the form searches as ever.

const WAIT = 90; // milliseconds after the last letter
const SHORTEST = { spaced: 2, run: 1 }; // letters before it asks; one of a script without spaces says much
const KEPT_ANSWERS = 40;
const RECENT = "recent-searches";
const MOST_RECENT = 6;
const LONGEST_RECENT = 200;
const RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
let count = 0;

const recent = {
  all() {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT));
      return Array.isArray(kept) ? kept.filter((text) => typeof text === "string" && text).slice(0, MOST_RECENT) : [];
    } catch {
      return []; // Storage is closed, or holds what somebody else put there.
    }
  },
  add(text) {
    if (!text || text.length > LONGEST_RECENT) return;
    try {
      const others = recent.all().filter((one) => one !== text);
      localStorage.setItem(RECENT, JSON.stringify([text, ...others].slice(0, MOST_RECENT)));
    } catch {
      // Nothing is kept.
    }
  },
  forget() {
    try {
      localStorage.removeItem(RECENT);
    } catch {
      // Nothing was kept.
    }
  },
};

function made(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

class Suggest {
  constructor(place) {
    this.place = place;
    this.input = place.querySelector("input[type=search]");
    this.form = this.input.form;
    this.words = place.dataset;
    this.answers = new Map();
    this.turn = 0; // rises with every change of the field: an answer of an earlier turn is late
    this.chosen = -1;
    const id = `suggestions-${++count}`;
    this.list = made("div", { id, role: "listbox", "aria-label": this.input.getAttribute("aria-label") || "" });
    this.clear = made("button", { type: "button", class: "button button-quiet button-small" }, this.words.wordClear || "");
    this.panel = made("div", { class: "search-suggestions", hidden: "" }, this.list, this.clear);
    this.status = made("span", { class: "visually-hidden", role: "status" });
    place.append(this.panel, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, "aria-haspopup": "listbox",
    })) this.input.setAttribute(name, value);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.offerRecent());
    this.input.addEventListener("click", () => this.offerRecent());
    this.input.addEventListener("blur", () => setTimeout(() => this.place.contains(document.activeElement) || this.close(), 150));
    this.panel.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.clear.addEventListener("click", () => {
      recent.forget();
      this.close();
      this.input.focus();
    });
    this.form?.addEventListener("submit", () => {
      recent.add(this.text);
      this.stop();
    });
    addEventListener("pageshow", () => this.close());
  }

  get text() {
    return this.input.value.trim();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  /** Drops what is asked and hides what is shown: neither belongs to the text that stands there now. */
  stop() {
    this.turn += 1;
    clearTimeout(this.timer);
    this.asked?.abort();
    this.close();
  }

  later() {
    if (this.text === this.shown && !this.panel.hidden) return;
    this.stop();
    if (!this.text) return this.offerRecent();
    if (this.text.length < (RUN.test(this.text) ? SHORTEST.run : SHORTEST.spaced)) return;
    const kept = this.answers.get(this.text);
    if (kept !== undefined) return this.show(kept, this.text);
    this.timer = setTimeout(() => this.ask(this.turn, this.text), WAIT);
  }

  async ask(turn, text) {
    if (Date.now() < (this.notBefore || 0)) return;
    const asked = (this.asked = new AbortController());
    const url = new URL(this.words.suggestUrl, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (answer.status === 429) this.notBefore = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || 5);
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      this.keep(text, html);
      if (turn === this.turn && text === this.text) this.show(html, text);
    } catch {
      // Given up, offline or refused: the form still searches.
    }
  }

  keep(text, html) {
    this.answers.set(text, html);
    if (this.answers.size > KEPT_ANSWERS) this.answers.delete(this.answers.keys().next().value);
  }

  /** Shows the portal's own list: its titles are escaped there. */
  show(html, text) {
    const said = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    this.open([...(said?.children || [])], said?.dataset.said || "", text);
    this.clear.hidden = true;
  }

  offerRecent() {
    const kept = this.text || !this.panel.hidden ? [] : recent.all();
    if (!kept.length || !this.form) return;
    const options = kept.map((text) => {
      const url = new URL(this.form.action, location.href);
      url.searchParams.set(this.input.name, text);
      return made("a", { class: "search-suggestion", role: "option", tabindex: "-1", dir: "auto", href: url.href }, text);
    });
    const label = made("p", { class: "search-suggestion-kind", role: "presentation" }, this.words.wordRecent || "");
    this.open([made("div", { role: "group", "aria-label": this.words.wordRecent || "" }, label, ...options)], "", "");
    this.clear.hidden = false;
  }

  open(groups, said, text) {
    this.shown = text;
    this.list.replaceChildren(...groups);
    this.options.forEach((option, place) => (option.id = `${this.list.id}-${place}`));
    this.status.textContent = said;
    const open = this.options.length > 0 && document.activeElement === this.input;
    this.panel.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.choose(-1);
  }

  choose(place) {
    this.chosen = place;
    this.options.forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const option = this.options[place];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    // The keys of an input method are its own (229: browsers that tell of it in no other way).
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    if (this.panel.hidden) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") this.text ? this.later() : this.offerRecent();
      return;
    }
    const last = this.options.length - 1;
    const moves = {
      ArrowDown: () => this.choose(this.chosen >= last ? -1 : this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen < 0 ? last : this.chosen - 1),
      Escape: () => this.close(),
    };
    if (this.chosen >= 0) {
      moves.Enter = () => this.options[this.chosen].click();
      moves.Home = () => this.choose(0);
      moves.End = () => this.choose(last);
    }
    if (!moves[event.key] || event.shiftKey) return;
    event.preventDefault();
    moves[event.key]();
  }

  close() {
    this.panel.hidden = true;
    this.shown = undefined;
    this.status.textContent = "";
    this.list.replaceChildren();
    this.choose(-1);
    this.input.setAttribute("aria-expanded", "false");
  }
}

for (const place of document.querySelectorAll("[data-suggest-url]")) new Suggest(place);

// What one reader searched for is not the next one's to read.
document.addEventListener("submit", (event) => {
  if (event.target.matches('form[action$="/account/logout/"]')) recent.forget();
});
