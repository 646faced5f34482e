// Shows how a background job comes along: asks every two seconds, and loads the page again at its end.
"use strict";

(() => {
  const job = document.querySelector("[data-job-url]");
  if (!job) return;
  const bar = job.querySelector("[data-job-bar]");
  const status = job.querySelector("[data-job-status]");
  const EVERY = 2000;

  async function look() {
    try {
      const answer = await fetch(job.dataset.jobUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const now = await answer.json();
      const text = `${now.status_label}: ${now.progress}`;
      // Said only when it changes: screen readers would repeat it otherwise.
      if (status.textContent !== text) status.textContent = text;
      if (now.percent === null) bar.removeAttribute("value");
      else bar.value = now.percent;
      if (!now.is_open) {
        window.location.reload();
        return;
      }
    } catch {
      // The next look may reach the server again.
    }
    window.setTimeout(look, EVERY);
  }

  window.setTimeout(look, EVERY);
})();
