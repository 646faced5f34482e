// The tree of categories: folding, keys, dragging. Without this file it is a list of links with a Move screen.

(() => {
  const FOLDED = "nexus.categories.folded";
  const MANY = 60;
  let root, tree, current;

  const rows = () => [...tree.querySelectorAll(".ct-row")];
  const shown = () => rows().filter((row) => !row.hidden);
  const depth = (row) => Number(row.dataset.depth);
  const parentOf = (row) => document.getElementById(`category-${row.dataset.parent}`);
  const childrenOf = (id) => rows().filter((row) => row.dataset.parent === id);

  function subtree(row) {
    const found = [row];
    for (let next = row.nextElementSibling; next && depth(next) > depth(row); next = next.nextElementSibling) found.push(next);
    return found;
  }

  // -- folding -----------------------------------------------------------------------------------------

  function readFolded() {
    try {
      const kept = sessionStorage.getItem(FOLDED);
      if (kept) return new Set(JSON.parse(kept));
    } catch { /* A browser without storage starts afresh. */ }
    const all = rows();
    return new Set(all.length > MANY ? all.filter((row) => "children" in row.dataset).map((row) => row.dataset.id) : []);
  }
  function keepFolded() {
    const folded = rows().filter((row) => row.getAttribute("aria-expanded") === "false");
    try { sessionStorage.setItem(FOLDED, JSON.stringify(folded.map((row) => row.dataset.id))); } catch { /* As above. */ }
  }
  function show() {
    let foldedAt = Infinity;
    for (const row of rows()) {
      row.hidden = depth(row) > foldedAt;
      if (row.hidden) continue;
      foldedAt = row.getAttribute("aria-expanded") === "false" ? depth(row) : Infinity;
    }
    if (current?.hidden) {
      let row = current;
      while (row?.hidden) row = parentOf(row);
      makeCurrent(row ?? shown()[0]);
    }
  }
  function fold(row, folded) {
    if (!row.hasAttribute("aria-expanded")) return;
    row.setAttribute("aria-expanded", String(!folded));
    show();
    keepFolded();
  }

  function reveal(row) {
    for (let above = parentOf(row); above; above = parentOf(above)) above.setAttribute("aria-expanded", "true");
    show();
  }

  // -- keys --------------------------------------------------------------------------------------------

  function makeCurrent(row, focus = false) {
    if (!row) return;
    for (const one of [current, row]) {
      one?.setAttribute("tabindex", one === row ? "0" : "-1");
      for (const link of one?.querySelectorAll("a") ?? []) link.tabIndex = one === row ? 0 : -1;
    }
    current = row;
    if (focus) row.focus();
  }

  let typed = "";
  let typedAt = 0;
  function findTyped(letter) {
    typed = Date.now() - typedAt > 800 ? letter : typed + letter;
    typedAt = Date.now();
    const all = shown();
    const from = all.indexOf(current) + (typed.length === 1 ? 1 : 0);
    const found = [...all.slice(from), ...all.slice(0, from)].find((row) => row.dataset.name.toLowerCase().startsWith(typed));
    makeCurrent(found, true);
  }

  function onKey(event) {
    const row = event.target;
    if (!row.classList?.contains("ct-row") || event.ctrlKey || event.metaKey) return;
    if (event.altKey) { if (moveByKey(row, event.key)) event.preventDefault(); return; }
    const all = shown();
    const at = all.indexOf(row);
    const open = row.getAttribute("aria-expanded");
    const actions = {
      ArrowDown: () => makeCurrent(all[at + 1], true),
      ArrowUp: () => makeCurrent(all[at - 1], true),
      Home: () => makeCurrent(all[0], true),
      End: () => makeCurrent(all[all.length - 1], true),
      ArrowRight: () => { if (open === "false") fold(row, false); else if (open) makeCurrent(all[at + 1], true); },
      ArrowLeft: () => { if (open === "true") fold(row, true); else makeCurrent(parentOf(row), true); },
      Enter: () => row.querySelector("a.ct-link")?.click(),
      " ": () => fold(row, open === "true"),
      "*": () => { for (const one of childrenOf(row.dataset.parent)) fold(one, false); },
    };
    if (actions[event.key]) actions[event.key]();
    else if (/^[\p{L}\p{N}]$/u.test(event.key)) findTyped(event.key.toLowerCase());
    else return;
    event.preventDefault();
  }

  /** Alt and an arrow: among the siblings, into the one above, or out of the parent. */
  function moveByKey(row, key) {
    if (!root.dataset.mayMove) return false;
    const siblings = childrenOf(row.dataset.parent);
    const at = siblings.indexOf(row);
    const parent = parentOf(row);
    if (key === "ArrowUp" && at > 0) place(row, row.dataset.parent, siblings[at - 2]?.dataset.id ?? "");
    else if (key === "ArrowDown" && at < siblings.length - 1) place(row, row.dataset.parent, siblings[at + 1].dataset.id);
    else if (key === "ArrowRight" && at > 0) into(row, siblings[at - 1]);
    else if (key === "ArrowLeft" && parent) place(row, parent.dataset.parent, parent.dataset.id);
    else if (!key.startsWith("Arrow")) return false;
    return true;
  }

  // -- moving ------------------------------------------------------------------------------------------

  function say(text, { wrong = false, undo = null } = {}) {
    const line = document.createElement("p");
    line.classList.toggle("is-wrong", wrong);
    line.append(text);
    if (undo) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Undo";
      button.addEventListener("click", undo);
      line.append(button);
    }
    root.querySelector("[data-message]").replaceChildren(line);
  }

  function into(row, target) {
    const inside = childrenOf(target.dataset.id).filter((one) => one !== row);
    fold(target, false);
    place(row, target.dataset.id, inside[inside.length - 1]?.dataset.id ?? "");
  }

  /** Put the rows where they will be, before the server has said yes. */
  function rearrange(row, parentId, afterId) {
    const moved = subtree(row);
    for (const one of moved) one.remove();
    const parent = document.getElementById(`category-${parentId}`);
    const after = document.getElementById(`category-${afterId}`);
    const previous = after ? subtree(after).pop() : parent;
    const shift = (parent ? depth(parent) + 1 : 1) - depth(row);
    if (previous) previous.after(...moved);
    else tree.prepend(...moved);
    for (const one of moved) one.dataset.depth = String(depth(one) + shift);
    row.dataset.parent = parentId;
    show();
  }

  async function place(row, parentId, afterId) {
    const before = { html: tree.innerHTML, id: row.dataset.id };
    const name = row.dataset.name;
    const focused = tree.contains(document.activeElement);
    rearrange(row, parentId, afterId);
    row.classList.add("is-busy");
    if (focused) row.focus();
    try {
      const answer = await fetch(row.dataset.place, {
        method: "POST",
        body: new URLSearchParams({ parent: parentId, after: afterId }),
        headers: { "X-CSRFToken": root.dataset.token, Accept: "application/json" },
        credentials: "same-origin",
      });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.detail);
      await refresh(before.id, focused);
      const undo = () => place(document.getElementById(`category-${before.id}`), String(body.undo.parent), String(body.undo.after));
      say(body.detail, { undo });
    } catch (error) {
      tree.innerHTML = before.html;
      setUpRows(before.id, focused);
      const reason = error instanceof SyntaxError || error instanceof TypeError ? "The shop could not be reached." : error.message;
      say(`“${name}” is where it was. ${reason}`, { wrong: true });
    }
  }

  /** Numbers and tags of the server, in the place of what was only moved about. */
  async function refresh(id, focused) {
    const answer = await fetch(root.dataset.refresh, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".ct");
    if (!fresh) return;
    tree.innerHTML = fresh.innerHTML;
    setUpRows(id, focused);
  }

  // -- dragging ----------------------------------------------------------------------------------------

  let dragged = null;
  let target = null;
  const marks = ["drop-before", "drop-into", "drop-after"];

  function mark(row, where) {
    for (const one of tree.querySelectorAll(".drop-before, .drop-into, .drop-after")) one.classList.remove(...marks);
    target = row ? { row, where } : null;
    row?.classList.add(`drop-${where}`);
  }
  function onDragOver(event) {
    const row = event.target.closest?.(".ct-row");
    if (!dragged || !row) return;
    if (subtree(dragged).includes(row)) { mark(null); return; }
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    const box = row.getBoundingClientRect();
    const at = (event.clientY - box.top) / box.height;
    mark(row, at < 0.28 ? "before" : at > 0.72 && row.getAttribute("aria-expanded") !== "true" ? "after" : "into");
  }
  function onDrop(event) {
    if (!dragged || !target) return;
    event.preventDefault();
    const { row, where } = target;
    const moved = dragged;
    endDrag();
    if (where === "into") { into(moved, row); return; }
    const siblings = childrenOf(row.dataset.parent).filter((one) => one !== moved);
    const after = where === "after" ? row : siblings[siblings.indexOf(row) - 1];
    place(moved, row.dataset.parent, after?.dataset.id ?? "");
  }
  function endDrag() {
    dragged?.classList.remove("is-dragged");
    mark(null);
    dragged = null;
  }

  // -- beginning ---------------------------------------------------------------------------------------

  function setUpRows(currentId, focus) {
    const folded = readFolded();
    const searching = !root.querySelector("[data-needs-script]");
    for (const row of rows()) {
      row.setAttribute("role", "treeitem");
      row.setAttribute("aria-level", row.dataset.depth);
      row.setAttribute("aria-posinset", row.dataset.position);
      row.setAttribute("aria-setsize", row.dataset.size);
      const tags = [...row.querySelectorAll(".w-status")].map((tag) => tag.textContent);
      row.setAttribute("aria-label", [row.dataset.name, ...tags, row.querySelector(".ct-num").title].join(", "));
      if ("children" in row.dataset) row.setAttribute("aria-expanded", String(searching || !folded.has(row.dataset.id)));
      else row.removeAttribute("aria-expanded");
      row.tabIndex = -1;
      row.classList.remove("is-busy", "is-dragged");
      for (const link of row.querySelectorAll("a")) link.tabIndex = -1;
      if (root.dataset.mayMove) row.draggable = true;
    }
    current = null;
    show();
    const chosen = document.getElementById(`category-${currentId}`);
    if (chosen) reveal(chosen);
    makeCurrent(chosen ?? shown()[0], focus);
  }

  function setUp() {
    root = document.querySelector("[data-category-tree]");
    tree = root?.querySelector(".ct");
    if (!tree || tree.hasAttribute("role")) return;
    tree.setAttribute("role", "tree");
    for (const tools of root.querySelectorAll("[data-needs-script]")) tools.hidden = false;
    setUpRows(null, false);
    tree.addEventListener("keydown", onKey);
    tree.addEventListener("focusin", (event) => { const row = event.target.closest(".ct-row"); if (row !== current) makeCurrent(row); });
    tree.addEventListener("click", (event) => {
      const toggle = event.target.closest(".ct-toggle");
      if (toggle) { const row = toggle.closest(".ct-row"); fold(row, row.getAttribute("aria-expanded") === "true"); }
    });
    for (const button of root.querySelectorAll("[data-fold]")) {
      button.addEventListener("click", () => {
        for (const row of rows()) if (row.hasAttribute("aria-expanded")) row.setAttribute("aria-expanded", String(button.dataset.fold === "open"));
        show();
        keepFolded();
      });
    }
    tree.addEventListener("dragstart", (event) => {
      const row = event.target.closest?.(".ct-row");
      if (!root.dataset.mayMove || !row) return;
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.name);
      row.classList.add("is-dragged");
    });
    tree.addEventListener("dragover", onDragOver);
    tree.addEventListener("drop", onDrop);
    tree.addEventListener("dragend", endDrag);
  }

  setUp();
  document.addEventListener("w-swap:success", setUp);
})();
