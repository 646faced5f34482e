// Says at once when two columns of a file are to fill the same column of ours; the server refuses it anyhow.
"use strict";

(() => {
  const form = document.querySelector("[data-column-choice]");
  if (!form) return;
  const selects = [...form.querySelectorAll("select")];

  function look() {
    const counts = new Map();
    for (const { value } of selects) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const select of selects) {
      const twice = select.value !== "" && counts.get(select.value) > 1;
      select.closest("li").classList.toggle("si-column--twice", twice);
      select.closest("li").classList.toggle("si-column--out", select.value === "");
      select.parentElement.querySelector("[data-twin]").hidden = !twice;
    }
  }

  form.addEventListener("change", look);
  look();
})();
