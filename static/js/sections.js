// What sections of pages do where scripts run: clocks that count down.

// -- countdowns --------------------------------------------------------------------------------------------

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const locale = document.documentElement.lang || "en";

function remaining(seconds) {
  let left = Math.max(0, seconds);
  return UNITS.map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return [count, unit];
  });
}

function draw(clock, seconds) {
  const parts = remaining(seconds);
  clock.replaceChildren(
    ...parts.map(([count, unit]) => {
      const box = document.createElement("span");
      box.className = "countdown__part";
      const written = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).formatToParts(count);
      const number = document.createElement("strong");
      number.textContent = String(count).padStart(unit === "day" ? 1 : 2, "0");
      box.append(number, " ", written.filter((part) => part.type === "unit").map((part) => part.value).join("").trim());
      return box;
    }),
  );
}

for (const place of document.querySelectorAll("[data-countdown]")) {
  const end = Date.parse(place.dataset.countdown);
  const clock = document.createElement("span");
  clock.className = "countdown__parts";
  // The date stays for those who listen: a clock that speaks every second helps nobody.
  clock.setAttribute("aria-hidden", "true");
  place.append(clock);
  place.querySelector("time").classList.add("visually-hidden");
  const tick = () => {
    const seconds = Math.floor((end - Date.now()) / 1000);
    draw(clock, seconds);
    if (seconds <= 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}
