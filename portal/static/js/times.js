// <time data-relative> in words of the page's language: "3 hours ago", «3 часа назад», 「3 時間前」, "قبل 3 ساعات".
// The date written by the server stays for older moments, and in the title.

const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const OLDEST = 31536000; // seconds; beyond a year the date says more than "2 years ago"
const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

function inWords(moment) {
  const seconds = (moment - Date.now()) / 1000;
  if (Math.abs(seconds) > OLDEST) return null;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "minute");
}

function refresh(place = document) {
  for (const time of place.querySelectorAll("time[data-relative]")) {
    const moment = Date.parse(time.dateTime);
    const words = Number.isNaN(moment) ? null : inWords(moment);
    if (words) time.textContent = words;
  }
}

refresh();
setInterval(refresh, 60000);
document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));
