// Drafts: what is typed into a form is saved on the server a moment after typing stops, and confirmed to the writer.
// Until the server has it, it lies on this device (localStorage, under the member's own number), also while the
// connection or the session is lost. Of two tabs with different texts neither overwrites the other: both are offered.
// Forms name their place in data-draft-place; the words stand in questions/draft_script.html.

const meta = document.querySelector("meta[name=drafts]");
const words = meta?.dataset ?? {};
const OWN = `draft:${meta?.content}:`;
const NOT_WORDS = ["csrfmiddlewaretoken", "draft_version", "once", "parent_id", "search", "declined", "aside"];
const PAUSE = 1500;

const attempt = (act) => {
  try {
    return act();
  } catch {
    return null; // storage is closed or full: the server is left
  }
};
const local = {
  read: (place) => attempt(() => JSON.parse(localStorage.getItem(OWN + place) || "null")),
  write: (place, entry) => attempt(() => localStorage.setItem(OWN + place, JSON.stringify(entry))),
  forget: (place) => attempt(() => localStorage.removeItem(OWN + place)),
  places: () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(OWN)).map((key) => key.slice(OWN.length))) ?? [],
};
// Drafts that were written in this tab come back by themselves.
const inTab = {
  mark: (place) => attempt(() => sessionStorage.setItem(OWN + place, "yes")),
  has: (place) => attempt(() => sessionStorage.getItem(OWN + place)) !== null,
  forget: (place) => attempt(() => sessionStorage.removeItem(OWN + place)),
};

const tokens = () => [...document.querySelectorAll("[name=csrfmiddlewaretoken]")];
const clock = (iso) => new Date(iso).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** Calls the server; returns {status, told}, status 0 where it was not reached. A new token replaces the page's. */
async function call(place, values) {
  const options = { headers: { Accept: "application/json" } };
  if (values) {
    options.method = "POST";
    options.body = new URLSearchParams(values);
    options.headers["X-CSRFToken"] = tokens()[0]?.value || "";
  }
  try {
    const answer = await fetch(`${words.url}${place}/`, options);
    const json = (answer.headers.get("Content-Type") || "").includes("json");
    const told = json ? await answer.json() : {};
    if (told.token) tokens().forEach((input) => (input.value = told.token));
    return { status: answer.status, told, wait: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, told: {} };
  }
}

/** Sends a draft; where the page's token has ended (a sign-in in another tab), asks for a new one and sends again. */
async function send(place, values) {
  const first = await call(place, values);
  if (first.status !== 403 || first.told.error) return first;
  await call(place);
  return call(place, values);
}

const flat = (entry) => ({ ...entry.fields, draft_version: entry.version || 0, once: entry.once || "" });

class FormDraft {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.known = form.querySelector("[name=draft_version]") || form.appendChild(element("input", { type: "hidden", name: "draft_version", value: "0" }));
    this.status = form.querySelector("[data-draft-status]") || this.makeStatus();
    this.note = document.querySelector(`[data-draft-note="${place}"]`);
    this.waited = 0;
    form.addEventListener("input", () => this.filling || this.changed());
    form.addEventListener("submit", () => this.sent());
    form.querySelector("[data-draft-save]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.save();
    });
    this.note?.querySelector("[data-draft-continue]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.goOn(true);
    });
    addEventListener("online", () => this.retry && this.save());
    addEventListener("pagehide", () => this.keepHere());
    this.begin();
  }

  makeStatus() {
    const status = element("span", { class: "draft-status", role: "status", "aria-live": "polite", "data-draft-status": "" });
    (this.form.querySelector(".button-row") || this.form).append(status);
    return status;
  }

  fields() {
    const all = [...new FormData(this.form)].filter(([name, value]) => !NOT_WORDS.includes(name) && typeof value === "string");
    return Object.fromEntries(all);
  }

  entry(more) {
    return { fields: this.fields(), version: Number(this.known.value) || 0, once: this.form.elements.once?.value || "", at: Date.now(), ...more };
  }

  inputs() {
    return [...this.form.elements].filter((one) => one.name && !NOT_WORDS.includes(one.name) && one.type !== "submit" && one.type !== "button");
  }

  untouched() {
    return this.inputs().every((one) => one.type === "hidden" || one.tagName === "SELECT" || (["checkbox", "radio"].includes(one.type) ? one.checked === one.defaultChecked : one.value === one.defaultValue));
  }

  fill(fields) {
    this.filling = true;
    for (const one of this.inputs()) {
      if (one.type === "radio") continue;
      if (one.type === "checkbox") one.checked = one.name in fields;
      else if (one.name in fields || one.type !== "hidden") one.value = fields[one.name] ?? "";
      if (one.tagName === "SELECT" && !one.value) one.selectedIndex = 0;
      one.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // After the words: writing a passage anew chooses it.
    for (const one of this.inputs().filter((each) => each.type === "radio")) one.checked = fields[one.name] === one.value;
    this.filling = false;
    this.form.closest("details")?.setAttribute("open", "");
  }

  /** Whether fields are of this very form: the choices of a conflict hold for the two versions that met there alone. */
  mineAre(fields) {
    const own = this.form.elements;
    if (!("merge" in fields) && !own.merge) return true;
    return "merge" in fields && Boolean(own.merge) && fields.base === own.base.value && fields.version === own.version.value;
  }

  /** The page of the draft as the server has it. */
  reload() {
    this.left = true;
    location.replace(`${location.pathname}?draft=${this.place}`);
  }

  say(text, kind = "") {
    this.status.dataset.kind = kind;
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** What this device still holds comes first; else what this tab wrote; else the note stays and asks. */
  async begin() {
    const kept = local.read(this.place);
    if (kept?.fields && !this.mineAre(kept.fields)) return this.bring(kept);
    if (kept?.sent) {
      const { status, told } = await send(this.place, flat(kept));
      if (told.posted) {
        local.forget(this.place);
        inTab.forget(this.place);
        return;
      }
      if (status === 200) this.saved(told);
    }
    if (kept) {
      if (this.untouched()) {
        this.fill(kept.fields);
        this.note?.remove();
        this.say(words.restored);
      }
      if (!kept.sent) this.known.value = kept.version;
      this.save();
    } else if (this.note && inTab.has(this.place)) this.goOn(false);
    else if (words.here?.split(" ").includes(this.place) && !this.note) this.offer();
  }

  /** What another form of this place left goes to the server; choices in a conflict go on from there. */
  async bring(kept) {
    const { status, told } = await send(this.place, flat(kept));
    if (status === 200 || told.posted) local.forget(this.place);
    if (status !== 200) return;
    this.saved(told);
    if ("merge" in kept.fields && this.untouched()) this.reload();
  }

  /** A comment's form has no note of the server's: its draft is offered in place. */
  offer() {
    const button = element("button", { type: "button", class: "button button-quiet button-small" }, words.continue);
    button.addEventListener("click", () => {
      button.remove();
      this.goOn(true);
    });
    this.form.prepend(button);
    this.form.closest("details")?.setAttribute("open", "");
  }

  async goOn(asked) {
    const { status, told } = await call(this.place);
    if (status !== 200) return this.say(asked ? words.gone : "");
    if (told.fields.choices) return this.reload();
    this.fill(told.fields);
    this.known.value = told.version;
    this.note?.remove();
    inTab.mark(this.place);
    this.say(words.restored);
    if (asked) this.form.querySelector("textarea")?.focus();
  }

  keepHere() {
    if (this.pending) local.write(this.place, this.entry());
  }

  changed() {
    this.pending = true;
    inTab.mark(this.place);
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keepHere(), 250);
    this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save(more = {}) {
    clearTimeout(this.timer);
    if ((this.clash && !more.aside) || this.left) return;
    if (this.sending) {
      this.again = true;
      return;
    }
    this.pending = true;
    this.keepHere();
    const entry = this.entry();
    const before = JSON.stringify(entry.fields);
    this.sending = true;
    const { status, told, wait } = await send(this.place, { ...flat(entry), ...more });
    this.sending = false;
    if (this.left) return;
    if (status === 200) {
      this.retry = this.waited = 0;
      this.saved(told);
      this.pending = JSON.stringify(this.fields()) !== before;
      if (!this.pending) local.forget(this.place);
      if (this.again || this.pending) this.later(PAUSE);
      this.again = false;
    } else this.failed(status, told, wait);
  }

  saved(told) {
    this.known.value = told.version;
    this.say(told.saved_at ? words.saved.replace("[]", clock(told.saved_at)) : "", "good");
  }

  failed(status, told, wait) {
    if (status === 412 && told.posted) {
      local.forget(this.place);
      this.left = true;
      this.say(words.posted);
      this.status.append(" ", element("a", { href: told.posted }, words.look));
    } else if (status === 412) this.meet(told);
    else if (status === 401) {
      this.say(words.signedout);
      this.status.append(" ", element("a", { href: `${words.login}?next=${encodeURIComponent(location.pathname)}` }, words.signin));
    } else if (status === 0 || status >= 500 || status === 429) {
      this.say(status === 429 ? words.later : words.offline);
      this.retry = true;
      this.waited = Math.min(30_000, this.waited * 2 || 2000);
      this.later(Math.max(this.waited, (wait || 0) * 1000));
    } else this.say(told.words || words.failed);
  }

  /** Another tab or device has another text here: both are shown, one is chosen, the other is set aside. */
  meet(told) {
    this.clash?.remove();
    const theirs = told.version ? told.fields : null;
    const box = (this.clash = element("div", { class: "callout callout-warning draft-clash", role: "alert" }));
    const inner = element("div", { class: "callout-body" }, element("p", { class: "callout-title" }, theirs ? words.clash : words.gone));
    if (theirs) {
      inner.append(element("details", {}, element("summary", {}, words.other), element("pre", { class: "draft-text", dir: "auto" }, [theirs.title, theirs.body].filter(Boolean).join("\n\n"))));
    }
    const row = element("div", { class: "button-row" });
    const mine = element("button", { type: "button", class: "button button-small" }, theirs ? words.mine : words.anew);
    mine.addEventListener("click", () => this.choose(told.version, null, theirs));
    row.append(mine);
    if (theirs) {
      const other = element("button", { type: "button", class: "button button-small" }, words.theirs);
      other.addEventListener("click", () => this.choose(told.version, theirs, this.fields()));
      row.append(other);
    }
    inner.append(row);
    box.append(inner);
    // Beside the words that it is about: a form is longer than a phone, and its beginning is out of sight.
    const editor = this.form.querySelector(".editor");
    if (editor) editor.after(box);
    else this.form.prepend(box);
    this.say("");
  }

  choose(version, take, aside) {
    this.clash.remove();
    this.clash = null;
    this.known.value = version || 0;
    if (take && this.form.elements.merge) {
      const values = { ...take, draft_version: this.known.value, aside: JSON.stringify(aside) };
      return send(this.place, values).then(() => this.reload());
    }
    if (take) this.fill(take);
    this.save(aside ? { aside: JSON.stringify(aside) } : {});
    this.form.querySelector("textarea")?.focus();
  }

  /** The form is on its way. What it says stays on this device until the server says that it was posted. */
  sent() {
    clearTimeout(this.timer);
    clearTimeout(this.keeping);
    this.left = true;
    this.pending = false;
    local.write(this.place, this.entry({ sent: true }));
    inTab.forget(this.place);
  }
}

/** Texts of this member that lie on this device and whose form is not on this page go to the server too. */
async function bringIn(here) {
  for (const place of local.places().filter((one) => !here.includes(one))) {
    const kept = local.read(place);
    if (!kept?.fields) continue;
    const { status, told } = await send(place, flat(kept));
    if (status === 200 || told.posted) local.forget(place);
  }
}

/** Counts the seconds down until a form that was slowed can be sent, then lets it. */
function countDown(line) {
  const until = Date.now() + Number(line.dataset.countdown) * 1000;
  const button = line.closest("form")?.querySelector("[data-send]");
  const status = line.parentElement.appendChild(element("p", { role: "status" }));
  if (button) button.disabled = true;
  const tick = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left > 0) {
      line.textContent = line.dataset.words.replace("[]", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
      return;
    }
    clearInterval(tick);
    line.remove();
    status.textContent = line.dataset.done;
    if (button) button.disabled = false;
  }, 250);
}

// In a conflict of two edits, who writes a passage anew has chosen to.
document.addEventListener("input", (event) => {
  const name = event.target.name?.startsWith("own-") && event.target.name.slice(4);
  const choice = name && event.target.form?.querySelector(`[name="pick-${name}"][value="edit"]`);
  if (choice) choice.checked = true;
});

if (meta) {
  // A comment's form is not there before it is begun: what was written in one waits for it.
  const waiting = new Set([...(words.here ?? "").split(" "), ...local.places()]);
  for (const place of waiting) document.dispatchEvent(new CustomEvent("form-wanted", { detail: place }));
  const forms = [...document.querySelectorAll("form")].filter((form) => form.dataset.draftPlace || form.querySelector("[data-draft-bar]"));
  const made = forms.map((form) => new FormDraft(form, form.dataset.draftPlace || form.querySelector("[data-draft-bar]").dataset.draftPlace));
  document.addEventListener("form-added", (event) => {
    const form = event.detail.querySelector("form[data-draft-place]");
    if (form) made.push(new FormDraft(form, form.dataset.draftPlace));
  });
  addEventListener("pageshow", (event) => event.persisted && made.forEach((one) => (one.left = false)));
  bringIn(made.map((one) => one.place));
  document.querySelectorAll("[data-countdown]").forEach(countDown);
  document.getElementById("slowed")?.focus();
}
