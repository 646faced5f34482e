// What makes the storefront quicker where scripts run. Every page works without this file.

const root = document.documentElement;
root.classList.add("has-script");

/** Post a form in the background; the answer is a piece of HTML made by the server. */
async function postForm(form, submitter) {
  return fetch(form.action, {
    method: "POST",
    body: new FormData(form, submitter),
    headers: { "X-Fragment": "1", Accept: "text/html" },
    credentials: "same-origin",
  });
}

function showCount(count) {
  for (const plate of document.querySelectorAll("[data-cart-count]")) {
    plate.firstChild.nodeValue = String(count);
    plate.hidden = !count;
  }
}

// -- menus ---------------------------------------------------------------------------------------------

const nav = document.getElementById("menu");

function openMenu(open) {
  nav.classList.toggle("is-open", open);
  document.querySelector("[data-menu-open]")?.setAttribute("aria-expanded", String(open));
  (open ? nav.querySelector("[data-menu-close]") : document.querySelector("[data-menu-open]"))?.focus();
}

document.querySelector("[data-menu-open]")?.addEventListener("click", (event) => {
  event.preventDefault();
  openMenu(true);
});
document.querySelector("[data-menu-close]")?.addEventListener("click", (event) => {
  event.preventDefault();
  openMenu(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("[data-panel][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (nav?.classList.contains("is-open")) {
    openMenu(false);
  }
});
document.addEventListener("click", (event) => {
  for (const panel of document.querySelectorAll("[data-panel][open]")) {
    if (!panel.contains(event.target)) panel.open = false;
  }
});

// -- lists ---------------------------------------------------------------------------------------------

const wide = matchMedia("(min-width: 62rem)");
for (const fold of document.querySelectorAll("[data-fold]")) {
  const follow = () => { if (wide.matches) fold.open = true; };
  wide.addEventListener("change", follow);
  follow();
}
for (const form of document.querySelectorAll("[data-autosubmit]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("submit", (event) => {
    // Fields that say nothing would only make the address longer.
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    location.assign(`${location.pathname}?${query}`);
  });
}

// -- product -------------------------------------------------------------------------------------------

const buy = document.getElementById("buy");

function showPicture(id, focus) {
  const picture = document.getElementById(`picture-${id}`);
  if (!picture) return;
  const strip = picture.parentElement;
  strip.scrollTo({ left: picture.offsetLeft - strip.offsetLeft, behavior: focus ? "smooth" : "auto" });
  for (const thumb of document.querySelectorAll("[data-picture]")) {
    if (thumb.dataset.picture === String(id)) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  }
}

function priceMarkup(variant) {
  const price = document.createElement("span");
  price.className = variant.was ? "price price--reduced" : "price";
  price.textContent = variant.price;
  if (!variant.was) return [price];
  const was = document.createElement("span");
  was.className = "was";
  was.textContent = variant.rrp ? `RRP ${variant.was}` : variant.was;
  return [price, " ", was];
}

function setUpChoice() {
  const variants = JSON.parse(buy.dataset.variants);
  const links = [...buy.querySelectorAll("[data-axis]")];
  const sku = buy.querySelector("[data-sku]");

  function likeness(variant, wanted) {
    let shared = 0;
    for (const [axis, value] of Object.entries(wanted)) if (variant.values[axis] === value) shared += 2;
    return shared + (variant.buyable ? 1 : 0);
  }
  function closest(axis, value) {
    const current = variants.find((variant) => variant.sku === sku.value);
    const wanted = { ...current?.values, [axis]: value };
    const having = variants.filter((variant) => variant.values[axis] === value);
    return having.sort((one, other) => likeness(other, wanted) - likeness(one, wanted))[0];
  }
  function show(variant) {
    sku.value = variant.sku;
    buy.querySelector("[data-price]").replaceChildren(...priceMarkup(variant));
    const lowest = buy.querySelector("[data-lowest]");
    lowest.hidden = !variant.lowest;
    lowest.lastElementChild.textContent = variant.lowest;
    for (const table of buy.querySelectorAll("[data-tiers]")) table.hidden = table.dataset.tiers !== variant.sku;
    const stock = buy.querySelector("[data-stock]");
    stock.className = `stock stock--${variant.status}`;
    stock.textContent = variant.stock;
    const button = buy.querySelector("[data-buy]");
    button.disabled = !variant.buyable;
    button.textContent = variant.button;
    const quantity = buy.querySelector("[data-quantity]");
    quantity.max = variant.most;
    if (Number(quantity.value) > variant.most) quantity.value = variant.most;
    const text = document.querySelector("[data-sku-text]");
    if (text) text.textContent = variant.sku;
    for (const link of links) {
      const { axis, value } = link.dataset;
      const selected = variant.values[axis] === value;
      link.classList.toggle("is-selected", selected);
      if (selected) {
        link.setAttribute("aria-current", "true");
        link.closest("fieldset").querySelector("[data-chosen]").textContent = link.dataset.label;
      } else {
        link.removeAttribute("aria-current");
      }
      const target = closest(axis, value);
      link.classList.toggle("is-gone", !target.buyable);
      link.href = `?variant=${encodeURIComponent(target.sku)}#buy`;
    }
    if (variant.picture) showPicture(variant.picture, true);
    history.replaceState(null, "", `?variant=${encodeURIComponent(variant.sku)}`);
  }
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const variant = closest(link.dataset.axis, link.dataset.value);
      if (variant) show(variant);
    });
  }
}

if (buy) setUpChoice();
for (const thumb of document.querySelectorAll("[data-picture]")) {
  thumb.addEventListener("click", (event) => {
    event.preventDefault();
    showPicture(thumb.dataset.picture, true);
  });
}

// -- films: nothing of a provider is loaded before somebody plays one -----------------------------------

for (const film of document.querySelectorAll("[data-film]")) {
  film.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.className = film.className;
    const address = new URL(film.dataset.film);
    address.searchParams.set("autoplay", "1");
    frame.src = address.href;
    frame.title = film.dataset.title;
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    film.replaceWith(frame);
    frame.focus();
  });
}

// -- into the cart -------------------------------------------------------------------------------------

function openDrawer(html) {
  document.getElementById("drawer")?.remove();
  const drawer = document.createElement("dialog");
  drawer.id = "drawer";
  drawer.className = "drawer";
  drawer.setAttribute("aria-labelledby", "drawer-title");
  // Our own server's HTML, as escaped as any page of it.
  drawer.innerHTML = html;
  document.body.append(drawer);
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer || event.target.closest("[data-drawer-close]")) drawer.close();
  });
  drawer.addEventListener("close", () => drawer.remove());
  drawer.showModal();
  showCount(Number(drawer.querySelector("[data-count]")?.dataset.count ?? 0));
}

for (const form of document.querySelectorAll("[data-add-to-cart]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[data-buy]");
    const error = form.querySelector("[data-error]");
    if (button.classList.contains("is-busy")) return;
    button.classList.add("is-busy");
    error.hidden = true;
    try {
      const answer = await postForm(form, event.submitter);
      const body = await answer.text();
      if (answer.ok) {
        openDrawer(body);
      } else {
        error.textContent = answer.status === 400 ? body : "That did not work. Try again.";
        error.hidden = false;
      }
    } catch {
      form.submit();
    } finally {
      button.classList.remove("is-busy");
    }
  });
}
