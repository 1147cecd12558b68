// Keeps a page at what is published: hears of a new version, asks for the page again, replaces its main part.
// Focus, what is opened and where the page is scrolled stay; what changed is said politely, not too often.
"use strict";
(() => {
  const said = document.getElementById("live");
  const address = document.body.dataset.events;
  const QUIET = 20000; // milliseconds between two announcements
  const SPREAD = 300; // so that all readers do not ask in the same instant
  let tag = "", busy = false, again = false, spokenAt = 0, version = null;

  const main = () => document.getElementById("main");

  // An element of the old part, to be found in the new one: by address, by identifier, or the n-th summary.
  function trace(element) {
    if (!element || !main().contains(element)) return null;
    if (element.matches("a[href]")) {
      const same = [...main().querySelectorAll(`a[href="${CSS.escape(element.getAttribute("href"))}"]`)];
      return [element.getAttribute("href"), same.indexOf(element)];
    }
    return [null, [...main().querySelectorAll("summary")].indexOf(element)];
  }

  function find([href, place]) {
    const all = href === null ? main().querySelectorAll("summary")
      : [...main().querySelectorAll("a[href]")].filter((each) => each.getAttribute("href") === href);
    return all[place] || null;
  }

  function replace(text) {
    const next = new DOMParser().parseFromString(text, "text/html");
    const fresh = next.getElementById("main");
    if (!fresh || fresh.innerHTML === main().innerHTML) return;
    const focused = trace(document.activeElement);
    const open = [...main().querySelectorAll("details")].map((each) => each.open);
    const scrolled = [...main().querySelectorAll(".wide")].map((each) => each.scrollLeft);
    const y = window.scrollY;
    const words = fresh.dataset.said;
    const changed = words && words !== main().dataset.said;
    main().dataset.said = words || "";
    main().replaceChildren(...fresh.childNodes);
    document.title = next.title;
    main().querySelectorAll("details").forEach((each, place) => { each.open = open[place] || false; });
    main().querySelectorAll(".wide").forEach((each, place) => { each.scrollLeft = scrolled[place] || 0; });
    if (focused) { const element = find(focused); if (element) element.focus({ preventScroll: true }); }
    window.scrollTo({ top: y, behavior: "instant" });
    const now = Date.now();
    if (changed && now - spokenAt > QUIET) { spokenAt = now; said.textContent = words; }
  }

  async function look() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      // The version makes it another address for caches on the way: what they hold may be of the one before.
      const answer = await fetch(`${location.pathname}?v=${version}`, { headers, cache: "no-store" });
      if (answer.ok) { tag = answer.headers.get("ETag") || ""; replace(await answer.text()); }
    } catch { /* the next version brings the next try */ }
    busy = false;
    if (again) { again = false; look(); }
  }

  function listen() {
    const events = new EventSource(address);
    events.addEventListener("version", (event) => {
      if (event.lastEventId === version) return;
      version = event.lastEventId;
      setTimeout(look, Math.random() * SPREAD);
    });
    // A server that is full or gone answers no event; then the page asks by itself, rarely.
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED) return;
      setTimeout(() => { look(); listen(); }, 20000 + Math.random() * 20000);
    };
  }

  if (address && "EventSource" in window) listen();
})();
