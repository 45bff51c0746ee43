// Turns a search field with data-suggest-url into a combobox (ARIA 1.2): suggestions while typing, arrow keys, Enter
// opens, Escape closes. Answers that come late are dropped. The kinds' names are data-word-<type>. Without it the form searches as ever.

const WAIT = 140; // milliseconds after the last key
let count = 0;

class Suggest {
  constructor(place) {
    this.place = place;
    this.input = place.querySelector("input[type=search]");
    this.url = place.dataset.suggestUrl;
    this.list = document.createElement("div");
    this.list.className = "search-suggestions";
    this.list.id = `suggestions-${++count}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.getAttribute("aria-label") || "");
    this.list.hidden = true;
    place.append(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort();
    if (this.input.value.trim().length < 2) return this.close();
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const asked = (this.asked = new AbortController());
    const url = new URL(this.url, location.href);
    url.searchParams.set("q", this.input.value.trim());
    if (this.place.dataset.suggestLanguage) url.searchParams.set("language", this.place.dataset.suggestLanguage);
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok || asked !== this.asked) return;
      const found = await answer.json();
      if (asked === this.asked) this.show(found.results || []);
    } catch {
      // Aborted, offline or refused: the form still searches.
    }
  }

  show(results) {
    this.list.replaceChildren(...results.map((result, place) => this.option(result, place)));
    if (!results.length || document.activeElement !== this.input) return this.close();
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.choose(-1);
  }

  option(result, place) {
    const option = document.createElement("a");
    option.className = "search-suggestion";
    option.id = `${this.list.id}-${place}`;
    option.href = new URL(result.url, location.href).href;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    const title = document.createElement("span");
    title.textContent = result.title;
    title.dir = "auto";
    if (result.language) title.lang = result.language;
    option.append(title);
    const words = this.place.dataset[`word${result.type?.[0]?.toUpperCase()}${result.type?.slice(1)}`];
    if (words) {
      const kind = document.createElement("span");
      kind.className = "search-suggestion-type";
      kind.textContent = words;
      option.append(kind);
    }
    return option;
  }

  get options() {
    return [...this.list.children];
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
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      return this.close();
    }
    if (this.list.hidden || event.isComposing) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.choose(this.chosen >= last ? -1 : this.chosen + 1);
    else if (event.key === "ArrowUp") this.choose(this.chosen < 0 ? last : this.chosen - 1);
    else if (event.key === "Enter" && this.chosen >= 0) this.options[this.chosen].click();
    else return;
    event.preventDefault();
  }

  close() {
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const place of document.querySelectorAll("[data-suggest-url]")) new Suggest(place);
