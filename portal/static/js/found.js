// Counts what was found and opened (docs/explanation/deflection.md). A result's link carries `ping`, which browsers
// send by themselves; where one does not by default (Firefox), the same is sent here. Without scripts links are links.

for (const place of document.querySelectorAll("[data-seen]")) navigator.sendBeacon(place.dataset.seen);

function tell(event) {
  const link = event.target.closest?.("a[ping]");
  if (link && event.button < 2 && navigator.sendBeacon(link.ping)) link.removeAttribute("ping");
}
document.addEventListener("click", tell);
document.addEventListener("auxclick", tell);
