// The little that a page does beyond links and forms. Everything works without it.
"use strict";
// A list that was paged or filtered in place tells so to who does not see it, and keeps the keyboard's place.
document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "list") { target.setAttribute("tabindex", "-1"); target.focus({ preventScroll: true }); }
});
// A choice that filters sends its form as soon as it is made.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form) { form.requestSubmit(); }
});
// A button that prints.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) { window.print(); }
});
