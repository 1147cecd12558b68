"use strict";
// A page that shows the state of the moment asks for itself again and takes over what changed. Without this
// script it is loaded anew. Somebody who is typing or reading a detail is not disturbed.
(() => {
  const seconds = Number(document.querySelector("main[data-refresh]")?.dataset.refresh || 0);
  if (!seconds) return;
  const busy = () => {
    const main = document.querySelector("main");
    const active = document.activeElement;
    return document.hidden || main.querySelector("details[open]") ||
      (active && main.contains(active) && active.matches("input, select, textarea, button"));
  };
  const refresh = async () => {
    if (busy()) return;
    const answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) { location.reload(); return; }
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = document.querySelector("main");
    const next = page.querySelector("main");
    if (!next || busy() || now.innerHTML === next.innerHTML) return;
    const focused = now.contains(document.activeElement) && document.activeElement.getAttribute("href");
    now.innerHTML = next.innerHTML;
    if (focused) for (const link of now.querySelectorAll("a")) if (link.getAttribute("href") === focused) { link.focus(); break; }
    const foot = page.querySelector("footer");
    if (foot) document.querySelector("footer").innerHTML = foot.innerHTML;
  };
  setInterval(() => refresh().catch(() => {}), seconds * 1000);
})();
