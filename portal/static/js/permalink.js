// A link to an answer or a comment names it after the #. Where it is folded away it is opened; where it is not on this
// page, the page that has it is asked for (and says so where it is gone).
const named = /^#(answer|comment)-(\d+)$/.exec(location.hash);
const target = named && document.getElementById(location.hash.slice(1));
if (target) {
  const folds = [];
  for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) folds.push(at);
  if (folds.some((fold) => !fold.open)) {
    for (const fold of folds) fold.open = true;
    target.scrollIntoView();
  }
} else if (named && named[1] === "answer") {
  const asked = new URLSearchParams(location.search);
  if (asked.get("answer") !== named[2]) {
    asked.set("answer", named[2]);
    asked.delete("page");
    location.replace(`?${asked}${location.hash}`);
  }
} else if (named && document.querySelector(".pagination")) {
  location.replace(new URL(`../../comments/${named[2]}/`, location.href.split(/[?#]/)[0]));
}
