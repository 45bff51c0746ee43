// Applies the theme a person chose, before the first paint; without a choice the page follows the system.
// Loaded in <head> as a classic script, so that nothing flashes. js/shell.js stores the choice.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) {
    // Storage is closed (private window, strict settings): the system decides.
  }
})();
