// A link to an answer names it after the #. Where the answer is on another page, that page is asked for.
const named = /^#answer-(\d+)$/.exec(location.hash);
if (named && document.querySelector(".pagination") && !document.getElementById(`answer-${named[1]}`)) {
  const asked = new URLSearchParams(location.search);
  if (asked.get("answer") !== named[1]) {
    asked.set("answer", named[1]);
    asked.delete("page");
    location.replace(`?${asked}${location.hash}`);
  }
}
