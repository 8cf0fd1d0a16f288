// Throughput: a line that shows one time in all rows, and a range that is chosen by dragging.
(() => {
  const charts = document.querySelector("[data-throughput]");
  if (!charts) return;
  const [since, until, step, steps] = ["since", "until", "step", "steps"].map((name) => Number(charts.dataset[name]));
  const plots = [...charts.querySelectorAll("[data-plot]")];
  const readings = [...charts.querySelectorAll("[data-reading]")].map((element) => {
    const values = [...element.querySelectorAll("[data-of]")];
    return { app: element.dataset.reading, values, now: values.map((each) => each.textContent) };
  });
  const last = steps - 1;
  const length = until - since;

  // What is spelled of each step is asked for when somebody first points at one.
  let figures = null, asked = null, shown = -1;
  const ask = () => {
    asked ??= fetch(charts.dataset.throughput)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.statusText)))
      .then((found) => { figures = found; show(shown); })
      .catch(() => { asked = null; });
  };

  const draw = (plot, name, attributes) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
    plot.append(shape);
    set(shape, attributes);
    return shape;
  };
  const set = (shape, attributes) => {
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  };
  const percent = (share) => `${Math.max(0, Math.min(1, share)) * 100}%`;

  const crosses = plots.map((plot) => draw(plot, "line", { class: "cross", y1: 0, y2: "100%", visibility: "hidden" }));
  const scrub = document.createElement("p");
  scrub.className = "scrub";
  scrub.innerHTML = '<label for="scrub">Values at</label><input id="scrub" type="range" min="-1" value="-1"><output for="scrub"></output>';
  charts.before(scrub);
  const [slider, output] = [scrub.querySelector("input"), scrub.querySelector("output")];
  slider.max = last;

  // Step -1 is now: what the rows said when the page came.
  const show = (number) => {
    shown = number;
    if (number >= 0) ask();
    const words = number < 0 ? "now, the last five minutes" : figures?.times[number] ?? "…";
    const x = percent(((number + 0.5) * step) / length);
    slider.value = number;
    slider.setAttribute("aria-valuetext", words);
    output.textContent = words;
    for (const cross of crosses) set(cross, { x1: x, x2: x, visibility: number < 0 ? "hidden" : "visible" });
    for (const { app, values, now } of readings) {
      const then = number < 0 || !figures ? now : figures.apps[app]?.[number] ?? ["0/min"];
      values.forEach((each, index) => { each.textContent = then[index] ?? "–"; });
    }
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  slider.addEventListener("blur", () => show(-1));

  const share = (plot, event) => {
    const box = plot.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  };
  const stepAt = (at) => Math.min(last, Math.floor((at * length) / step));

  let drag = null;
  const cancel = () => {
    drag?.shapes.forEach((shape) => shape.remove());
    drag = null;
  };
  const iso = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
  const go = (from, to) => {
    const address = new URL(location.href);
    const begin = since + stepAt(from) * step;
    const end = Math.min(until, since + (stepAt(to) + 1) * step);
    address.searchParams.delete("span");
    address.searchParams.set("since", iso(begin));
    address.searchParams.set("until", iso(Math.max(end, begin + 120)));
    location.assign(address);
  };

  for (const plot of plots) {
    plot.addEventListener("dragstart", (event) => event.preventDefault());
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      plot.setPointerCapture(event.pointerId);
      const begin = share(plot, event);
      drag = { plot, begin, end: begin, shapes: plots.map((each) => draw(each, "rect", { class: "chosen", y: 0, height: "100%", width: 0 })) };
    });
    plot.addEventListener("pointermove", (event) => {
      const at = share(plot, event);
      show(stepAt(at));
      if (drag?.plot !== plot) return;
      drag.end = at;
      const [from, to] = [Math.min(drag.begin, at), Math.max(drag.begin, at)];
      for (const shape of drag.shapes) set(shape, { x: percent(from), width: percent(to - from) });
    });
    plot.addEventListener("pointerup", (event) => {
      if (drag?.plot !== plot) return;
      const { begin } = drag;
      const end = share(plot, event);
      const width = Math.abs(end - begin) * plot.getBoundingClientRect().width;
      cancel();
      if (width > 8) go(Math.min(begin, end), Math.max(begin, end));
    });
    plot.addEventListener("pointercancel", cancel);
    plot.addEventListener("pointerleave", () => { if (!drag) show(-1); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { cancel(); show(-1); } });
  show(-1);
})();
