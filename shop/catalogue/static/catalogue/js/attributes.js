/* Draws the attributes of a product anew when another type is chosen or an attribute is added. */
(() => {
  "use strict";

  const NAMES = /^(attribute-|attributes-)/;

  /** Scripts that come by innerHTML do not run, and choosers are started by theirs. */
  function runScripts(root) {
    for (const old of root.querySelectorAll("script")) {
      const script = document.createElement("script");
      script.textContent = old.textContent;
      old.replaceWith(script);
    }
  }

  function typed(form) {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (NAMES.test(name) || name === "product_type") data.append(name, value);
    }
    return data;
  }

  /** The editor of formatted text draws itself later, and takes no name from its label. */
  function nameEditors(panel) {
    for (const box of panel.querySelectorAll('[role="textbox"]:not([aria-label])')) {
      const label = box.closest("[data-attribute]")?.querySelector("label");
      if (label) box.setAttribute("aria-label", label.textContent.trim());
    }
  }

  let asked = 0;

  async function redraw(panel, status) {
    const form = panel.closest("form");
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const number = ++asked;
    panel.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(panel.dataset.fieldsUrl, {
        method: "POST",
        body: typed(form),
        headers: { "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
      });
      if (!response.ok) throw new Error(String(response.status));
      const html = await response.text();
      if (number !== asked) return;
      panel.innerHTML = html;
      runScripts(panel);
      status.textContent = "The fields of this type are shown below.";
      form.dispatchEvent(new Event("change", { bubbles: true }));
    } catch {
      status.textContent = "The fields could not be loaded. Save the draft to see those of the chosen type.";
    } finally {
      panel.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const panel = document.querySelector("[data-attribute-fields]");
    if (!panel) return;
    nameEditors(panel);
    new MutationObserver(() => nameEditors(panel)).observe(panel, { childList: true, subtree: true });
    const status = document.querySelector("[data-attribute-status]");
    const type = panel.closest("form").querySelector("[name=product_type]");
    if (type) type.addEventListener("change", () => redraw(panel, status));
    panel.addEventListener("click", async (event) => {
      if (!event.target.closest("[data-attribute-add]")) return;
      const chosen = panel.querySelector("[name=attributes-add]").value;
      if (!chosen) return;
      await redraw(panel, status);
      const field = panel.querySelector(`[data-attribute="${chosen}"]`);
      if (field) field.querySelector("input:not([type=hidden]), select, textarea, button, [contenteditable]")?.focus();
    });
  });
})();
