// The live page: it draws what the server sends, and lets a person ask for a ride.

const SVG = "http://www.w3.org/2000/svg";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const $ = (id) => document.getElementById(id);
const given = (id) => JSON.parse($(id).textContent);
const zones = given("zones");
const corners = given("corners").map(([id, name, x, y]) => ({ id, name, x, y }));
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

let town = given("first");
// Milliseconds that the server's clock is ahead of ours.
let ahead = 0;
let shown = null;
let yours = null;

// What there is of each kind on the page, by id: made once, changed where it stands.
function keyed(parent, items, id, make, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.id, child]));
  items.forEach((item, index) => {
    const key = id(item);
    const element = known.get(key) ?? make(item);
    known.delete(key);
    element.dataset.id = key;
    update(element, item);
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  known.forEach((element) => element.remove());
}

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// ---- cars

function along(line, part) {
  const pieces = line.slice(1).map(([x, y], i) => Math.hypot(x - line[i][0], y - line[i][1]));
  let left = part * pieces.reduce((sum, each) => sum + each, 0);
  for (let i = 0; i < pieces.length; i += 1) {
    if (left <= pieces[i] && pieces[i] > 0) {
      const [[a, b], [x, y]] = [line[i], line[i + 1]];
      return [a + ((x - a) * left) / pieces[i], b + ((y - b) * left) / pieces[i]];
    }
    left -= pieces[i];
  }
  return line[line.length - 1];
}

function part(car) {
  if (!car.to) return 1;
  return Math.min(Math.max((Date.now() + ahead - car.from) / (car.to - car.from), 0), 1);
}

function placeCars() {
  const taken = new Map();
  for (const car of town.cars) {
    let [x, y] = along(car.line, part(car));
    // Cars at one corner stand beside each other.
    const place = `${Math.round(x)},${Math.round(y)}`;
    const others = taken.get(place) ?? 0;
    taken.set(place, others + 1);
    const angle = others * 2.4;
    x += others ? 15 * Math.cos(angle) : 0;
    y += others ? 15 * Math.sin(angle) : 0;
    $("cars").querySelector(`[data-id="${car.car}"]`)?.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
  }
}

function makeCar(car) {
  const element = svg("g", {});
  element.append(svg("title", {}), svg("circle", { r: 10 }), svg("path", { d: "M0,-10A10,10 0 0 1 0,10Z" }));
  element.firstChild.textContent = `${car.car}, ${car.driver}`;
  return element;
}

function makeRider() {
  const element = svg("g", { class: "rider" });
  element.append(svg("path", { d: "M-8,-8L8,8M-8,8L8,-8" }));
  return element;
}

function drawCars() {
  keyed($("cars"), town.cars, (car) => car.car, makeCar, (element, car) => {
    element.setAttribute("class", `car ${car.state}`);
  });
  keyed($("riders"), town.waiting, (each) => each.ride, makeRider, (element, { x, y }) => {
    element.setAttribute("transform", `translate(${x},${y})`);
  });
  placeCars();
}

function frame() {
  if (!calm.matches) {
    placeCars();
    requestAnimationFrame(frame);
  }
}

// ---- prices, workers, figures

function drawZones() {
  for (const [key, zone] of Object.entries(town.zones)) {
    const price = Number(zone.surge);
    const label = document.querySelector(`.prices [data-zone="${key}"]`);
    say(label.querySelector("b"), `× ${zone.surge}`);
    say(label.querySelector(".name"), zones[key]);
    say(label.querySelector(".why"), `${zone.demand} asked, ${zone.supply} free`);
    label.dataset.level = Math.min(Math.ceil((price - 1) / 0.5), 4);
    document.querySelector(`.zone[data-zone="${key}"]`).dataset.level = label.dataset.level;
  }
}

function drawWorkers() {
  for (const worker of town.workers) {
    const row = document.querySelector(`[data-app="${worker.app}"]`);
    const state = worker.on === worker.wanted ? (worker.on ? "on" : "off") : worker.wanted ? "starts" : "stops";
    row.dataset.state = state;
    say(row.querySelector(".state"), state);
    say(row.querySelector(".waits"), worker.waiting > 2 || !worker.on ? `${worker.waiting} waiting` : "");
    row.querySelector("[role=switch]")?.setAttribute("aria-checked", String(worker.wanted));
  }
}

function drawFigures() {
  document.querySelectorAll("[data-figure]").forEach((each) => say(each, town.figures[each.dataset.figure]));
}

// ---- rides and their story

function makeRide() {
  const item = document.createElement("li");
  item.innerHTML = '<button type="button"><b></b> <span class="way"></span> <span class="badge"></span> <span class="fare"></span></button>';
  item.firstChild.addEventListener("click", () => show(item.dataset.id));
  return item;
}

function drawRides() {
  $("no-rides").hidden = town.rides.length > 0;
  keyed($("rides"), town.rides, (ride) => ride.id, makeRide, (item, ride) => {
    const [button] = item.children;
    const [rider, way, badge, fare] = button.children;
    say(rider, ride.rider);
    say(way, `${ride.from} to ${ride.to}`);
    say(badge, ride.says);
    badge.className = `badge ${ride.state}`;
    say(fare, `€ ${ride.fare}`);
    button.setAttribute("aria-pressed", String(ride.id === shown));
  });
  const mine = town.rides.find((ride) => ride.id === yours);
  if (mine) say($("yours"), `Your ride: ${mine.says}.`);
}

let loading = false;
let stale = false;

async function show(id) {
  shown = id;
  drawRides();
  await loadStory();
}

async function loadStory() {
  if (!shown) return;
  if (loading) {
    stale = true;
    return;
  }
  loading = true;
  const answer = await fetch(`rides/${shown}/`).catch(() => null);
  if (answer?.ok) {
    const text = await answer.text();
    if ($("story").dataset.text !== text) {
      const hadFocus = document.activeElement?.dataset.cancel;
      $("story").innerHTML = $("story").dataset.text = text;
      if (hadFocus) ($("story").querySelector("[data-cancel]") ?? $("story-heading")).focus();
    }
  }
  loading = false;
  if (stale) {
    stale = false;
    setTimeout(loadStory, 300);
  }
}

// ---- asking

function post(url, fields) {
  return fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(fields) });
}

function complain(text) {
  $("error").hidden = !text;
  $("error").textContent = text;
}

function drawChosen() {
  const ends = ["pickup", "dropoff"].flatMap((name) => {
    const corner = corners.find((each) => each.id === $(name).value);
    return corner ? [{ end: name, x: corner.x, y: corner.y }] : [];
  });
  keyed($("chosen"), ends, ({ end }) => end, ({ end }) => {
    const pin = svg("g", { class: "pin" });
    pin.append(svg("path", { d: "M0,0C-4,-12 -15,-16 -15,-28A15,15 0 0 1 15,-28C15,-16 4,-12 0,0Z" }), svg("text", { y: -22 }));
    pin.lastChild.textContent = end === "pickup" ? "A" : "B";
    return pin;
  }, (pin, { x, y }) => pin.setAttribute("transform", `translate(${x},${y})`));
}

function chooseAt(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform($("map").getScreenCTM().inverse());
  const far = (corner) => Math.hypot(corner.x - point.x, corner.y - point.y);
  const nearest = corners.reduce((best, corner) => (far(corner) < far(best) ? corner : best));
  const isBegun = $("pickup").value && !$("dropoff").value;
  if (!isBegun) $("dropoff").value = "";
  $(isBegun ? "dropoff" : "pickup").value = nearest.id;
  complain("");
  drawChosen();
}

async function ask(event) {
  event.preventDefault();
  complain("");
  const answer = await post(event.target.action, new FormData(event.target)).catch(() => null);
  if (!answer) return complain("The server cannot be reached. Try again.");
  const said = await answer.json().catch(() => ({ error: "The server could not take the ride. Try again." }));
  if (!answer.ok) return complain(said.error);
  yours = said.id;
  say($("yours"), "Your ride: looking for a car.");
  $("pickup").value = $("dropoff").value = "";
  drawChosen();
  return show(yours);
}

async function flip(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  button.setAttribute("aria-checked", String(on));
  await post(button.dataset.url, { on }).catch(() => null);
}

// ---- beginning

function draw() {
  drawCars();
  drawZones();
  drawWorkers();
  drawFigures();
  drawRides();
}

document.querySelectorAll(".prices li").forEach((label) => {
  label.style.left = `${label.dataset.x / 10}%`;
  label.style.top = `${label.dataset.y / 6.6}%`;
});
$("map").addEventListener("click", chooseAt);
$("request").addEventListener("submit", ask);
$("request").addEventListener("change", drawChosen);
document.querySelectorAll("[role=switch]").forEach((button) => button.addEventListener("click", () => flip(button)));
$("story").addEventListener("click", async ({ target }) => {
  if (target.dataset.cancel) {
    await post(target.dataset.cancel, {});
    await loadStory();
  }
});
calm.addEventListener("change", frame);

const stream = new EventSource("live/");
stream.addEventListener("open", () => say($("connection"), "live"));
stream.addEventListener("error", () => say($("connection"), "reconnecting"));
stream.addEventListener("clock", ({ data }) => { ahead = Number(data) - Date.now(); });
stream.addEventListener("message", ({ data }) => {
  town = JSON.parse(data);
  draw();
  loadStory();
});
draw();
drawChosen();
frame();
