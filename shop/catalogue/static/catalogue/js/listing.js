// The list is filtered without loading the page again: a view is saved as the address says by then.
"use strict";

document.querySelectorAll("[data-save-view]").forEach((form) => {
  form.addEventListener("submit", () => {
    form.elements.query.value = window.location.search;
  });
});

document.querySelectorAll("[data-keeps-query]").forEach((link) => {
  link.addEventListener("click", () => {
    const asked = new URLSearchParams(window.location.search);
    for (const name of ["p", "ordering", "columns"]) asked.delete(name);
    link.search = asked.toString();
  });
});
