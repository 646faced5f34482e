// The list is filtered without loading the page again: a view is saved as the address says by then.
"use strict";

document.querySelectorAll("[data-save-view]").forEach((form) => {
  form.addEventListener("submit", () => {
    form.elements.query.value = window.location.search;
  });
});
