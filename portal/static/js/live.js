// htmx on Hiroba's pages: the CSRF token of the form around the element goes along as a header, and a live answer that
// fails says so instead of doing nothing. No page carries the token outside its forms, so pages stay cacheable.

const words = document.querySelector("[data-toasts]")?.dataset || {};

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: text }));
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  const form = event.detail.elt.closest("form") || document.querySelector("form:has([name=csrfmiddlewaretoken])");
  const token = form?.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

// A refusal with words of its own (a limit, a vote on one's own post) is shown in those words.
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  const plain = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  say(plain && answer.responseText.length < 300 ? answer.responseText : words.failed);
});
document.addEventListener("htmx:sendError", () => say(words.offline));
