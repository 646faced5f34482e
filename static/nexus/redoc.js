// Starts Redoc with the fonts that are there already, and with nothing from elsewhere.
const container = document.getElementById("redoc");
const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

// Redoc's credit would load its maker's logo from a CDN, whichever way the picture gets its address.
const isElsewhere = (address) => !["blob:", "data:"].includes(new URL(address, location.href).protocol)
  && new URL(address, location.href).host !== location.host;
const image = HTMLImageElement.prototype;
const { setAttribute } = image;
const source = Object.getOwnPropertyDescriptor(image, "src");
image.setAttribute = function (name, value) {
  if (name !== "src" || !isElsewhere(value)) {
    setAttribute.call(this, name, value);
  }
};
Object.defineProperty(image, "src", {
  ...source,
  set(value) {
    if (!isElsewhere(value)) {
      source.set.call(this, value);
    }
  },
});

Redoc.init(
  container.dataset.schema,
  { theme: { typography: { fontFamily: fonts, headings: { fontFamily: fonts } } } },
  container,
);
