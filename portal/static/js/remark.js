// The form of a comment or a reply, put where it is begun. Without this script the link leads to a page with the form.
// The page holds one of each kind in a <template> (questions/remark_form.html): a copy takes the place of the link.
// Other scripts hear of it by the event `form-added`, and ask for the form of a place by `form-wanted`.

/** The place of what is written there, as drafts name it, and the post and the comment that it is about. */
function about(link) {
  const [kind, number] = link.closest("article.post").id.split("-");
  const parent = link.dataset.remark === "reply" ? link.closest(".comment").id.split("-")[1] : "";
  return { kind, number, parent, place: parent ? `reply-${parent}` : `${kind}-comment-${number}` };
}

function begin(link) {
  const template = document.getElementById(`remark-${link.dataset.remark}`);
  const { kind, number, parent, place } = about(link);
  const fold = template.content.firstElementChild.cloneNode(true);
  const form = fold.querySelector("form");
  const area = form.querySelector("textarea");
  form.action = template.dataset.url.replace("question/0/", `${kind}/${number}/`);
  form.dataset.draftPlace = place;
  form.elements.once.value += `-${place}`;
  if (parent) form.elements.parent_id.value = parent;
  // A sign-in in another tab may have given the page a new one.
  form.elements.csrfmiddlewaretoken.value = document.querySelector("[name=csrfmiddlewaretoken]").value;
  area.id = place;
  form.querySelector("label").htmlFor = place;
  fold.querySelector("summary").append(...link.childNodes);
  link.replaceWith(fold);
  document.dispatchEvent(new CustomEvent("form-added", { detail: fold }));
  return fold;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-remark]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  begin(link).querySelector("textarea").focus();
});

document.addEventListener("form-wanted", (event) => {
  const link = [...document.querySelectorAll("a[data-remark]")].find((one) => about(one).place === event.detail);
  if (link) begin(link).open = false;
});
