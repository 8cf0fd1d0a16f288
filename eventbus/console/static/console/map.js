// The map: what is pointed at stands out, details open beside it, and events are seen to pass.
"use strict";

(() => {
  const box = document.getElementById("map");
  const panel = document.getElementById("map-panel");
  const graph = box?.querySelector("svg");
  if (!graph) return;

  const lines = [...graph.querySelectorAll(".line")];
  const apps = [...graph.querySelectorAll(".app")];
  const rows = [...graph.querySelectorAll(".row-link")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const DOTS = 80; // on the way at once
  const FRESH_EVERY = 15000; // milliseconds between looks at rates
  let freshAt = performance.now();

  // What stands out: the lines of an event or of an app, and what is at their ends.

  function show(isShown) {
    const shown = lines.filter(isShown);
    const types = new Set(shown.map((line) => line.dataset.type));
    const names = new Set(shown.flatMap((line) => [line.dataset.app, line.dataset.from]));
    return { shown: new Set(shown), types, names };
  }

  function focusOn(target) {
    const line = target.closest(".line");
    const row = target.closest(".row-link");
    const app = target.closest(".app");
    if (line) light(show((each) => each === line));
    else if (row) light(show((each) => each.dataset.type === row.dataset.type), row.dataset.type, app.dataset.app);
    else if (app) {
      const name = app.dataset.app;
      light(show((each) => each.dataset.app === name || each.dataset.from === name), "", name);
    } else lightNone();
  }

  function light(found, type, app) {
    graph.classList.add("focused");
    lines.forEach((line) => line.classList.toggle("lit", found.shown.has(line)));
    rows.forEach((row) => row.classList.toggle("lit", found.types.has(row.dataset.type) || row.dataset.type === type));
    apps.forEach((each) => each.classList.toggle("lit", found.names.has(each.dataset.app) || each.dataset.app === app));
  }

  function lightNone() {
    graph.classList.remove("focused");
    graph.querySelectorAll(".lit").forEach((each) => each.classList.remove("lit"));
  }

  // On the box: a picture that listens for focus is a stop of the Tab key itself.
  box.addEventListener("pointerover", (event) => focusOn(event.target));
  box.addEventListener("pointerleave", lightNone);
  box.addEventListener("focusin", (event) => focusOn(event.target));
  box.addEventListener("focusout", lightNone);

  // Details beside the map. Where there is no room they are a page of their own.

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#map a, a[data-details]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || innerWidth < 900) return;
    event.preventDefault();
    htmx.ajax("GET", link.getAttribute("href"), { target: panel, swap: "innerHTML" }).then(() => {
      panel.showPopover();
      panel.scrollTop = 0;
      document.getElementById("panel-title")?.focus({ preventScroll: true });
    });
  });

  // Events that pass, second by second, and rates that are looked at again now and then.

  document.addEventListener("console:pulse", (event) => {
    const types = Object.keys(event.detail ?? {}).filter((type) => event.detail[type] > 0);
    if (document.hidden || !types.length) return;
    if (!still.matches) types.forEach(pulse);
    if (performance.now() - freshAt > FRESH_EVERY) refresh();
  });

  function pulse(type) {
    const row = rows.find((each) => each.dataset.type === type);
    row?.classList.add("pulsing");
    setTimeout(() => row?.classList.remove("pulsing"), 900);
    lines.filter((line) => line.dataset.type === type).forEach(send);
  }

  function send(line) {
    if (graph.querySelectorAll(".dot").length >= DOTS) return;
    const make = (name) => document.createElementNS(graph.namespaceURI, name);
    const dot = make("circle");
    const motion = make("animateMotion");
    dot.setAttribute("class", "dot");
    dot.setAttribute("r", "3.5");
    motion.setAttribute("path", line.querySelector(".wire").getAttribute("d"));
    motion.setAttribute("dur", "0.9s");
    motion.setAttribute("begin", "indefinite");
    motion.setAttribute("fill", "freeze");
    dot.append(motion);
    line.append(dot);
    motion.beginElement();
    setTimeout(() => dot.remove(), 900);
  }

  async function refresh() {
    freshAt = performance.now();
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const line of lines) {
      const now = fresh.getElementById(line.id);
      if (now) renew(line, now);
    }
    for (const row of rows) {
      const rate = fresh.getElementById(row.id)?.querySelector(".rate");
      if (rate) row.querySelector(".rate").textContent = rate.textContent;
    }
  }

  function renew(line, now) {
    const isLit = line.classList.contains("lit");
    line.setAttribute("class", now.getAttribute("class"));
    line.classList.toggle("lit", isLit);
    const [wire, its] = [line, now].map((each) => each.querySelector(".wire"));
    for (const name of ["stroke-width", "stroke-dasharray"]) {
      wire.setAttribute(name, its.getAttribute(name) ?? "");
    }
    line.querySelector("title").textContent = now.querySelector("title").textContent;
  }
})();

(() => {
  const field = document.getElementById("map-words");
  if (!field) return;
  const found = document.getElementById("map-found");
  const groups = [...document.querySelectorAll(".of-app")];
  const wereOpen = groups.map((group) => group.open);
  document.getElementById("map-filter").hidden = false;

  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    groups.forEach((group, number) => {
      const bodies = [...group.querySelectorAll("tbody")];
      for (const body of bodies) {
        const text = `${body.dataset.type} ${body.textContent}`.toLowerCase();
        body.hidden = !words.every((word) => text.includes(word));
      }
      const left = bodies.filter((body) => !body.hidden).length;
      count += left;
      group.hidden = !left;
      group.open = words.length ? true : wereOpen[number];
    });
    found.textContent = words.length ? `${count} events` : "";
  });
})();
