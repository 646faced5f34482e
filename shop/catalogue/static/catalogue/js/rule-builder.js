/*
 * Rows of conditions over a field of JSON, and what they match beside them.
 * Without this script the field is written by hand and checked the same way.
 */
(() => {
  "use strict";

  const OPERATORS = {
    in: "is", not_in: "is not", lte: "at most", gte: "at least", lt: "below", gt: "above",
    eq: "exactly", between: "from … to", is: "is", before: "before", after: "after",
  };
  const GROUPS = { all: "All of these hold", any: "At least one of these holds", none: "None of these holds" };
  const STOCK = { in_stock: "In stock", low: "Few left", backorder: "On order", out_of_stock: "Sold out" };
  const WAIT = 350;
  let serial = 0;

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") element.textContent = value;
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null) element.setAttribute(name, value);
    }
    element.append(...children.filter(Boolean));
    return element;
  }

  /* JSON to the tree that is shown, in which "not" is a kind of group. Throws when it is none. */
  function toTree(rule) {
    if (rule.all) return { group: "all", parts: rule.all.map(toTree) };
    if (rule.any) return { group: "any", parts: rule.any.map(toTree) };
    if (rule.not) {
      const inner = toTree(rule.not);
      if (inner.group === "any") return { group: "none", parts: inner.parts };
      return { group: "none", parts: [inner] };
    }
    if (typeof rule.field !== "string" || typeof rule.op !== "string") throw new Error("no rule");
    return { field: rule.field, op: rule.op, value: rule.value };
  }

  /* The other way; every node learns the path under which the server speaks of it. */
  function toRule(node, path = []) {
    node.path = path.join(".");
    if (!node.group) return { field: node.field, op: node.op, value: node.value };
    const key = node.group === "all" ? "all" : "any";
    const start = node.group === "none" ? [...path, "not"] : path;
    if (node.group === "none") node.path = start.join(".");
    const parts = node.parts.map((part, number) => toRule(part, [...start, key, String(number)]));
    return node.group === "none" ? { not: { any: parts } } : { [key]: parts };
  }

  class Builder {
    constructor(holder) {
      this.holder = holder;
      this.field = holder.querySelector("textarea");
      this.config = JSON.parse(document.getElementById(holder.dataset.config).textContent);
      this.names = this.config.names;
      this.fields = [...this.config.fields, ...this.config.attributes];
      this.label = this.labelOf();
      this.rows = make("div", { class: "rb-rows" });
      this.status = make("p", { class: "rb-count", role: "status" });
      this.shown = make("ul", { class: "rb-products" });
      this.general = make("div", { class: "rb-general", role: "alert" });
      this.toggle = make("button", {
        type: "button", class: "button button-small button-secondary", "aria-pressed": "false",
        text: "Write it as JSON", onclick: () => this.setWritten(!this.isWritten),
      });
      const heading = this.config.heading || "What matches now";
      const preview = make("section", { class: "rb-preview", "aria-label": `${heading}: ${this.label}` },
        make("h3", { class: "rb-heading", text: heading }), this.status, this.shown);
      holder.append(make("div", { class: "rb-columns" },
        make("div", { class: "rb-main" }, this.general, this.rows, this.toggle), preview));
      this.field.addEventListener("input", () => { if (this.isWritten) this.askSoon(); });
      this.setWritten(!this.read());
      this.ask();
    }

    labelOf() {
      const label = document.querySelector(`label[for="${this.field.id}"]`);
      return label ? label.textContent.replace("*", "").trim() : "rule";
    }

    read() {
      const text = this.field.value.trim();
      try {
        this.tree = text ? toTree(JSON.parse(text)) : { group: "all", parts: [] };
      } catch {
        return false;
      }
      if (!this.tree.group) this.tree = { group: "all", parts: [this.tree] };
      return true;
    }

    setWritten(isWritten) {
      if (!isWritten && !this.read()) {
        this.complain("This is no rule that the builder can show. Mend the JSON first, or empty it.");
        return;
      }
      this.isWritten = isWritten;
      this.holder.classList.toggle("rb-is-written", isWritten);
      this.toggle.setAttribute("aria-pressed", String(isWritten));
      this.toggle.textContent = isWritten ? "Use the builder" : "Write it as JSON";
      if (!isWritten) this.draw();
    }

    /* Everything is drawn anew when the shape changes; typing in a value changes the JSON alone. */
    draw(focus = null) {
      this.rows.replaceChildren(this.drawGroup(this.tree, null));
      if (!focus) return;
      const target = this.rows.querySelector(`[data-key="${focus}"]`);
      if (target) target.focus();
    }

    changed({ redraw = false, focus = null } = {}) {
      const text = this.tree.parts.length ? JSON.stringify(toRule(this.tree), null, 2) : "";
      if (this.field.value !== text) {
        this.field.value = text;
        this.field.dispatchEvent(new Event("input", { bubbles: true }));
        this.field.dispatchEvent(new Event("change", { bubbles: true }));
      }
      if (redraw) this.draw(focus);
      this.askSoon();
    }

    key(node) {
      node.key = node.key || `rb-${(serial += 1)}`;
      return node.key;
    }

    remove(node, parent) {
      const place = parent.parts.indexOf(node);
      parent.parts.splice(place, 1);
      const next = parent.parts[Math.min(place, parent.parts.length - 1)];
      this.changed({ redraw: true, focus: next ? `${this.key(next)}-first` : `${this.key(parent)}-add` });
    }

    drawGroup(group, parent) {
      const key = this.key(group);
      const join = make("select", { "data-key": `${key}-first`, "aria-label": parent ? "This group matches when" : "A product matches when",
        onchange: (event) => { group.group = event.target.value; this.changed(); } },
        ...Object.entries(GROUPS).map(([value, text]) => make("option", { value, text, selected: group.group === value })));
      const list = make("ul", { class: "rb-parts" },
        ...group.parts.map((part) => make("li", {}, part.group ? this.drawGroup(part, group) : this.drawRow(part, group))));
      const buttons = make("div", { class: "rb-buttons" },
        make("button", { type: "button", class: "button button-small button-secondary", "data-key": `${key}-add`,
          text: "Add condition", onclick: () => this.add(group, this.blank()) }),
        make("button", { type: "button", class: "button button-small button-secondary",
          text: "Add group", onclick: () => this.add(group, { group: group.group === "any" ? "all" : "any",
            parts: [this.blank()] }) }),
        parent && make("button", { type: "button", class: "button button-small no rb-remove",
          text: "Remove group", onclick: () => this.remove(group, parent) }));
      return make("div", { class: "rb-group", role: "group", "aria-label": parent ? "Group of conditions" : this.label, "data-node": key },
        make("div", { class: "rb-join" }, join),
        group.parts.length ? list : make("p", { class: "rb-empty", text: this.config.empty || "No condition yet. Add the first one, for example: price at most 50." }),
        make("p", { class: "error-message rb-error", id: `${key}-error` }), buttons);
    }

    /* A condition about what is asked for most. */
    blank() {
      const [field] = this.config.fields;
      return { field: field.name, op: field.operators[0], value: this.emptyValue(field.operators[0]) };
    }

    add(group, node) {
      group.parts.push(node);
      this.changed({ redraw: true, focus: `${this.key(node.group ? node.parts[0] : node)}-first` });
    }

    known(name) {
      return this.fields.find((field) => field.name === name) || { name, label: name, operators: ["in", "not_in"], unit: "" };
    }

    drawRow(row, parent) {
      const key = this.key(row);
      const known = this.known(row.field);
      const number = parent.parts.indexOf(row) + 1;
      const describedBy = `${key}-error`;
      const option = (field) => make("option", { value: field.name, text: capital(field.label), selected: field.name === row.field });
      const choose = make("select", { "data-key": `${key}-first`, "aria-label": `Condition ${number}: what`, "aria-describedby": describedBy,
        onchange: (event) => this.chooseField(row, event.target.value) },
        ...this.config.fields.map(option),
        this.config.attributes.length && make("optgroup", { label: "Attributes" }, ...this.config.attributes.map(option)),
        !this.fields.includes(known) && make("option", { value: row.field, text: row.field, selected: true }));
      const compare = make("select", { "data-key": `${key}-op`, "aria-label": `Condition ${number}: how`, "aria-describedby": describedBy,
        onchange: (event) => this.chooseOperator(row, event.target.value) },
        ...known.operators.map((op) => make("option", { value: op, text: OPERATORS[op] || op, selected: op === row.op })));
      return make("div", { class: "rb-row", role: "group", "aria-label": `Condition ${number}`, "data-node": key },
        choose, compare, this.drawValue(row, known, number, describedBy),
        make("button", { type: "button", class: "button button-small no rb-remove", text: "Remove",
          "aria-label": `Remove condition ${number}`, onclick: () => this.remove(row, parent) }),
        make("p", { class: "error-message rb-error", id: describedBy }));
    }

    chooseField(row, name) {
      const known = this.known(name);
      const keeps = known.operators.includes(row.op) && !["in", "not_in"].includes(row.op);
      row.field = name;
      if (!keeps) {
        row.op = known.operators[0];
        row.value = this.emptyValue(row.op);
      }
      this.changed({ redraw: true, focus: `${row.key}-first` });
    }

    chooseOperator(row, op) {
      const before = this.emptyValue(row.op);
      const after = this.emptyValue(op);
      if (op === "between") row.value = [Array.isArray(row.value) ? "" : row.value, ""];
      else if (row.op === "between") [row.value] = row.value;
      else if (JSON.stringify(before) !== JSON.stringify(after)) row.value = after;
      row.op = op;
      this.changed({ redraw: true, focus: `${row.key}-op` });
    }

    emptyValue(op) {
      if (op === "in" || op === "not_in") return [];
      if (op === "between") return ["", ""];
      return op === "is" ? true : "";
    }

    drawValue(row, known, number, describedBy) {
      if (row.op === "in" || row.op === "not_in") return this.drawWords(row, known, number, describedBy);
      if (row.op === "is") {
        return make("select", { "aria-label": `Condition ${number}: yes or no`, "aria-describedby": describedBy,
          onchange: (event) => { row.value = event.target.value === "yes"; this.changed(); } },
          make("option", { value: "yes", text: "yes", selected: row.value === true }),
          make("option", { value: "no", text: "no", selected: row.value === false }));
      }
      const isDay = row.op === "before" || row.op === "after";
      if (known.time) return this.drawTimes(row, number, describedBy);
      const input = (label, value, set) => make("input", { type: isDay ? "date" : "text", inputmode: isDay ? null : "decimal",
        value: value ?? "", class: "rb-number", "aria-label": `Condition ${number}: ${label}`, "aria-describedby": describedBy,
        placeholder: isDay ? null : known.unit === "days" ? "30" : "50.00",
        oninput: (event) => { set(event.target.value.trim().replace(",", ".")); this.changed(); } });
      const unit = known.unit && make("span", { class: "rb-unit", text: known.unit });
      if (row.op !== "between") return make("span", { class: "rb-value" }, input(isDay ? "day" : "number", row.value, (value) => { row.value = value; }), unit);
      const [low, high] = row.value;
      return make("span", { class: "rb-value" },
        input("lowest", low, (value) => { row.value = [value, row.value[1]]; }), make("span", { text: "to" }),
        input("highest", high, (value) => { row.value = [row.value[0], value]; }), unit);
    }

    /* Minutes since midnight, written as a time of day. */
    drawTimes(row, number, describedBy) {
      const two = (value) => String(value).padStart(2, "0");
      const input = (label, minutes, set) => make("input", { type: "time", class: "rb-number",
        value: minutes === "" || minutes === undefined ? "" : `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
        "aria-label": `Condition ${number}: ${label}`, "aria-describedby": describedBy,
        oninput: (event) => {
          const [hours, rest] = event.target.value.split(":");
          set(event.target.value ? String(Number(hours) * 60 + Number(rest)) : "");
          this.changed();
        } });
      if (row.op !== "between") return make("span", { class: "rb-value" }, input("time", row.value, (value) => { row.value = value; }));
      const [low, high] = row.value;
      return make("span", { class: "rb-value" },
        input("earliest", low, (value) => { row.value = [value, row.value[1]]; }), make("span", { text: "to" }),
        input("latest", high, (value) => { row.value = [row.value[0], value]; }));
    }

    drawWords(row, known, number, describedBy) {
      const key = this.key(row);
      if (!Array.isArray(row.value)) row.value = row.value ? [String(row.value)] : [];
      if (row.field === "stock") return this.drawChoices(row, known, number, Object.entries(STOCK));
      if (known.choices && known.choices.length) return this.drawChoices(row, known, number, known.choices);
      const offered = new Map();
      const options = make("datalist", { id: `${key}-offers` });
      const input = make("input", { type: "text", list: `${key}-offers`, autocomplete: "off", "data-key": `${key}-word`,
        "aria-label": `Condition ${number}: add ${known.label}`, "aria-describedby": `${describedBy} ${key}-hint`,
        placeholder: `Add ${known.label} …` });
      const take = () => {
        const typed = input.value.trim().toLowerCase();
        const found = [...offered].find(([word, name]) => name.toLowerCase() === typed || word === typed);
        if (!found) return false;
        const [word, name] = found;
        this.names[row.field] = { ...this.names[row.field], [word]: name };
        if (!row.value.includes(word)) row.value.push(word);
        this.changed({ redraw: true, focus: `${key}-word` });
        return true;
      };
      const offer = async () => {
        const typed = input.value;
        const answer = await fetch(`${this.config.words}?field=${encodeURIComponent(row.field)}&q=${encodeURIComponent(typed)}`);
        if (!answer.ok) return;
        offered.clear();
        for (const { word, name } of (await answer.json()).words) offered.set(word, name);
        options.replaceChildren(...[...offered].map(([word, name]) => make("option", { value: name, label: name === word ? null : word })));
      };
      let timer;
      input.addEventListener("focus", offer, { once: true });
      input.addEventListener("input", (event) => {
        // A choice from the list replaces the text; typing does not.
        if ((event.inputType === undefined || event.inputType === "insertReplacementText") && take()) return;
        clearTimeout(timer);
        timer = setTimeout(offer, 200);
      });
      input.addEventListener("change", take);
      input.addEventListener("keydown", async (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        if (take()) return;
        await offer();
        if (!take() && offered.size === 1) { [input.value] = [...offered.values()]; take(); }
      });
      const chips = make("ul", { class: "rb-chips", "aria-label": `Condition ${number}: chosen` }, ...row.value.map((word) => {
        const name = (this.names[row.field] || {})[word] || word;
        return make("li", {}, make("button", { type: "button", class: "rb-chip", "aria-label": `Remove ${name}`, text: `${name} ×`,
          onclick: () => { row.value = row.value.filter((held) => held !== word); this.changed({ redraw: true, focus: `${key}-word` }); } }));
      }));
      return make("span", { class: "rb-value rb-words" }, row.value.length ? chips : null, input, options,
        make("span", { class: "w-sr-only", id: `${key}-hint`, text: "Type a part of the name, choose from the list, and press Enter." }));
    }

    drawChoices(row, known, number, choices) {
      return make("span", { class: "rb-value rb-stock", role: "group", "aria-label": `Condition ${number}: ${known.label}` },
        ...choices.map(([word, text]) => make("label", {},
          make("input", { type: "checkbox", checked: row.value.includes(word), onchange: (event) => {
            row.value = row.value.filter((held) => held !== word);
            if (event.target.checked) row.value.push(word);
            this.changed();
          } }), text)));
    }

    askSoon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT);
    }

    async ask() {
      const text = this.field.value.trim();
      const asked = (this.asked = (this.asked || 0) + 1);
      if (!text) {
        this.showErrors([]);
        this.status.textContent = this.config.nothing || "Nothing yet: add a condition to see what matches.";
        this.shown.replaceChildren();
        return;
      }
      if (!this.isWritten) toRule(this.tree);
      let found;
      try {
        const answer = await fetch(this.config.preview, { method: "POST", body: text,
          headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() } });
        if (!answer.ok) throw new Error(String(answer.status));
        found = await answer.json();
      } catch {
        if (asked === this.asked) this.status.textContent = "What matches cannot be shown now. Your rule is not lost.";
        return;
      }
      if (asked !== this.asked) return;
      this.showErrors(found.errors);
      this.holder.dataset.state = found.errors.length ? "incomplete" : "shown";
      if (found.errors.length) {
        this.status.textContent = "The rule is not complete yet.";
        this.shown.replaceChildren();
        return;
      }
      if (found.count === undefined) {
        this.status.textContent = found.words;
        return;
      }
      const some = found.count > found.products.length ? `, the newest ${found.products.length} are below` : "";
      this.status.textContent = found.count === 0 ? "No product matches." : `${found.count} ${found.count === 1 ? "product matches" : "products match"}${some}.`;
      this.shown.replaceChildren(...found.products.map((product) => make("li", { class: "rb-product" },
        product.image ? make("img", { src: product.image, alt: "", loading: "lazy", width: 48, height: 48 }) : make("span", { class: "rb-no-image" }),
        make("span", { class: "rb-text" }, make("a", { href: product.url, target: "_blank", rel: "noopener", text: product.title }),
          make("span", { class: "rb-meta", text: `${product.price} · ${STOCK[product.stock] || product.stock}` })))));
    }

    token() {
      const field = this.holder.closest("form").querySelector("[name=csrfmiddlewaretoken]");
      return field ? field.value : "";
    }

    complain(...sentences) {
      this.general.replaceChildren(...sentences.map((text) => make("p", { class: "error-message", text })));
    }

    /* Beside the row that the path names, or above all rows. */
    showErrors(errors) {
      for (const place of this.rows.querySelectorAll(".rb-error")) place.textContent = "";
      for (const control of this.rows.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
      const nodes = [];
      const walk = (node) => { nodes.push(node); (node.parts || []).forEach(walk); };
      if (!this.isWritten && this.tree) walk(this.tree);
      const general = [];
      for (const { path, detail } of errors) {
        const owner = path.replace(/\.?(field|op|value)$/, "");
        const node = nodes.find((held) => held.path === owner);
        const drawn = node && this.rows.querySelector(`[data-node="${node.key}"]`);
        if (!drawn) { general.push(detail); continue; }
        const place = drawn.querySelector(`#${node.key}-error`);
        place.textContent = place.textContent ? `${place.textContent} ${detail}` : detail;
        if (!node.group) for (const control of drawn.querySelectorAll("select, input")) control.setAttribute("aria-invalid", "true");
      }
      this.complain(...general);
    }
  }

  /* Shows what belongs to the kind of collection that is chosen. */
  function followKind() {
    const radios = [...document.querySelectorAll('input[type="radio"][name="kind"]')];
    if (!radios.length || !document.querySelector(".rb-only-by-rule")) return;
    const show = () => {
      const chosen = radios.find((radio) => radio.checked);
      const byRule = Boolean(chosen) && chosen.value === "by_rule";
      for (const part of document.querySelectorAll(".rb-only-by-rule")) part.hidden = !byRule;
      for (const part of document.querySelectorAll(".rb-only-by-hand")) part.hidden = byRule;
    };
    radios.forEach((radio) => radio.addEventListener("change", show));
    show();
  }

  function start() {
    document.querySelectorAll("[data-rule-builder]").forEach((holder) => {
      if (holder.dataset.ready) return;
      holder.dataset.ready = "true";
      new Builder(holder);
    });
    followKind();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
