// Shows what the bundle would cost and how many could be sold, while its parts are chosen.
const form = document.querySelector("[data-bundle-form]");
const figures = document.querySelector("[data-bundle-figures]");
let asked = "";
let timer = 0;

function readParts() {
  const query = new URLSearchParams({ figures: "1" });
  for (const row of form.querySelectorAll("[data-bundle-part]")) {
    const part = row.querySelector("input[name$='-part']")?.value;
    const quantity = row.querySelector("input[name$='-quantity']")?.value || "1";
    const isGone = row.querySelector("input[name$='-DELETE']")?.checked;
    if (part && !isGone) query.append("part", `${part}:${quantity}`);
  }
  return query.toString();
}

async function refresh() {
  const query = readParts();
  if (query === asked) return;
  asked = query;
  const answer = await fetch(`?${query}`, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  // Another change has overtaken this answer.
  if (answer.ok && query === asked) figures.innerHTML = await answer.text();
}

function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
}

asked = readParts();
form.addEventListener("input", refreshSoon);
form.addEventListener("change", refreshSoon);
// A chooser writes into its hidden field without telling.
for (const input of form.querySelectorAll("input[name$='-part']")) {
  new MutationObserver(refreshSoon).observe(input, { attributes: true, attributeFilter: ["value"] });
}
