"use strict";

// What the service serves, the images that were given, and what is asked of them.
const tasks = [
  { task: "classification", verb: "classify", text: "Labels" },
  { task: "detection", verb: "detect", text: "Objects" },
  { task: "faces", verb: "faces", text: "Faces" },
];
const at = (id) => document.getElementById(id);
const svg = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const made = (name, text, className) => {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};
const state = { models: [], images: [], token: "", running: 0, round: 0 };

const headers = () => (state.token ? { Authorization: "Bearer " + state.token } : {});
const chosenTask = () => tasks.find((one) => one.task === document.querySelector("input[name=task]:checked")?.value);
const percent = (share) => (share * 100).toFixed(1) + " %";
const color = (index) => `hsl(${(index * 137.5 + 25) % 360} 90% 62%)`;

async function loadModels() {
  const response = await fetch("v1/models", { headers: headers() });
  at("token-form").hidden = response.status !== 401;
  if (!response.ok) return say(await reason(response), true);
  state.models = (await response.json()).models;
  const fieldset = at("tasks");
  fieldset.querySelectorAll("label").forEach((label) => label.remove());
  for (const one of tasks.filter((one) => state.models.some((model) => model.task === one.task))) {
    const label = made("label");
    const input = Object.assign(made("input"), { type: "radio", name: "task", value: one.task });
    input.addEventListener("change", taskChanged);
    label.append(input, one.text);
    fieldset.append(label);
  }
  const first = fieldset.querySelector("input");
  if (first) first.checked = true;
  say("");
  taskChanged();
}

function taskChanged() {
  const task = chosenTask();
  if (!task) return;
  at("model").replaceChildren(
    ...state.models.filter((model) => model.task === task.task).map((model) => new Option(model.name, model.name)));
  at("confidence-field").hidden = task.task === "classification";
  modelChanged();
}

function modelChanged() {
  const model = state.models.find((one) => one.name === at("model").value);
  // A link cannot carry the token.
  at("report").hidden = !model?.report || Boolean(state.token);
  at("report").href = `report/${encodeURIComponent(at("model").value)}`;
  askAll();
}

function say(text, isBad) {
  at("status").textContent = text;
  at("status").className = isBad ? "bad" : "";
}

async function reason(response) {
  try {
    const answer = await response.json();
    return answer.error.message;
  } catch {
    return `The service answered with status ${response.status}.`;
  }
}

function add(files) {
  for (const file of files) {
    const item = made("li");
    const image = { file, item, url: URL.createObjectURL(file), name: file.name || "pasted image", asked: -1 };
    state.images.push(image);
    at("results").append(item);
    show(image, null);
  }
  at("results").classList.toggle("single", state.images.length === 1);
  at("clear").hidden = state.images.length === 0;
  next();
}

function askAll() {
  state.round += 1;
  next();
}

// Two requests at a time: the service may serve others, too.
function next() {
  const left = state.images.filter((image) => image.asked !== state.round);
  if (left.length === 0 && state.running === 0 && state.images.length > 0) {
    const count = state.images.length;
    say(count === 1 ? "1 image is answered." : `${count} images are answered.`);
  }
  while (state.running < 2 && left.length > 0 && chosenTask()) {
    state.running += 1;
    const image = left.shift();
    image.asked = state.round;
    say(`${state.images.length - left.length} of ${state.images.length} images …`);
    ask(image, state.round).finally(() => {
      state.running -= 1;
      next();
    });
  }
}

// The answer of a route to an image, waited for while too many others are there; null where the service cannot be reached.
async function post(path, image, accept) {
  const type = image.file.type.startsWith("image/") ? image.file.type : "application/octet-stream";
  for (;;) {
    let response;
    try {
      response = await fetch(path, {
        method: "POST", body: image.file, headers: { ...headers(), "Content-Type": type, Accept: accept },
      });
    } catch {
      return null;
    }
    if (response.status === 401) at("token-form").hidden = false;
    if (response.status !== 429) return response;
    await new Promise((done) => setTimeout(done, 1000 * Number(response.headers.get("Retry-After") || 1)));
  }
}

async function ask(image, round) {
  const task = chosenTask();
  const query = new URLSearchParams({ model: at("model").value, name: image.name });
  if (task.task !== "classification" && at("confidence").dataset.moved) query.set("confidence", at("confidence").value);
  const response = await post(`v1/${task.verb}?${query}`, image, "application/json");
  let answer = { error: { message: "The service cannot be reached." } };
  try {
    if (response) answer = await response.json();
  } catch {
    answer = { error: { message: `The service answered with status ${response.status}.` } };
  }
  if (round === state.round) show(image, answer);
}

function show(image, answer) {
  const figure = made("figure");
  const frame = made("div", undefined, "frame");
  const picture = made("img");
  picture.alt = "";
  picture.src = image.url;
  picture.addEventListener("error", () => {
    picture.replaceWith(made("div", "This browser cannot show the image.", "none"));
  });
  frame.append(picture);
  const caption = made("figcaption");
  caption.append(made("h2", image.name));
  if (answer) fill(caption, frame, answer, image); else caption.append(made("p", "…"));
  figure.append(frame, caption);
  image.item.replaceChildren(figure);
}

function fill(caption, frame, answer, image) {
  if (answer.error) {
    caption.append(made("p", answer.error.message, "bad"));
    return;
  }
  const list = made("ol");
  if (answer.predictions) {
    if (answer.unknown) caption.append(made("p", "Unknown: no label is likely enough. The best guesses:"));
    caption.append(made("p", "Choose a label to see where its evidence is."));
    for (const one of answer.predictions) list.append(evidence(frame, one, answer, image));
  } else {
    const found = answer.detections ?? answer.faces;
    caption.append(made("p", found.length === 0 ? "Nothing was found." : `${found.length} found.`));
    draw(frame, list, answer, found);
  }
  caption.append(list);
  caption.append(made("p", `${answer.width} × ${answer.height} pixels · ${answer.milliseconds.toFixed(0)} ms · ${answer.model} ${answer.version}`));
}

// A label whose button shows, instead of the image, where the evidence for it is.
function evidence(frame, one, answer, image) {
  const item = row(one.label, one.probability, undefined, true);
  const button = item.firstChild;
  button.setAttribute("aria-pressed", "false");
  button.title = "Show where the evidence is";
  button.addEventListener("click", async () => {
    const isOn = button.getAttribute("aria-pressed") === "false";
    const { round } = state;
    for (const other of item.parentNode.querySelectorAll("button")) other.setAttribute("aria-pressed", "false");
    frame.querySelector(".heat")?.remove();
    if (!isOn) return;
    button.setAttribute("aria-pressed", "true");
    say(`Looking for the evidence for ${one.label} …`);
    const query = new URLSearchParams({ model: answer.model, index: one.index });
    const response = await post(`v1/explain?${query}`, image, "image/png");
    if (round !== state.round || button.getAttribute("aria-pressed") !== "true") return;
    if (!response?.ok) {
      button.setAttribute("aria-pressed", "false");
      return say(response ? await reason(response) : "The service cannot be reached.", true);
    }
    const heat = made("img", undefined, "heat");
    heat.alt = `Where the evidence for ${one.label} is`;
    const url = URL.createObjectURL(await response.blob());
    heat.addEventListener("load", () => URL.revokeObjectURL(url));
    heat.src = url;
    frame.querySelector(".heat")?.remove();
    frame.append(heat);
    say(`The lighter the color, the more evidence for ${one.label}.`);
  });
  return item;
}

function row(label, share, swatch, isButton) {
  const item = made("li");
  const line = made(isButton ? "button" : "div", undefined, "row");
  if (isButton) line.type = "button";
  line.style.setProperty("--share", `${Math.max(0, Math.min(1, share)) * 100}%`);
  const name = made("span");
  if (swatch) {
    const square = made("span", undefined, "swatch");
    square.style.background = swatch;
    name.append(square);
  }
  name.append(label);
  line.append(name, made("span", percent(share)));
  item.append(line);
  return item;
}

// Boxes and points over the image, each with a line below that marks it.
function draw(frame, list, answer, found) {
  const { width, height } = answer;
  const layer = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const radius = Math.max(width, height) / 160;
  const marks = found.map((one) => {
    const tint = color(one.index ?? 0);
    const { x, y, width, height } = one.box;
    const group = svg("g", {});
    group.append(svg("rect", { x, y, width, height, class: "halo" }), svg("rect", { x, y, width, height, stroke: tint }));
    for (const point of one.points ?? []) group.append(svg("circle", { cx: point.x, cy: point.y, r: radius, fill: tint }));
    layer.append(group);
    return group;
  });
  frame.append(layer);
  found.forEach((one, index) => {
    const place = `at ${Math.round(one.box.x)}, ${Math.round(one.box.y)}, ${Math.round(one.box.width)} × ${Math.round(one.box.height)} pixels`;
    const item = row(one.label ?? `Face ${index + 1}`, one.score, color(one.index ?? 0), true);
    const button = item.firstChild;
    button.setAttribute("aria-label", `${one.label ?? "Face"}, ${percent(one.score)}, ${place}`);
    const mark = (isOn) => marks.forEach((other, number) => {
      other.setAttribute("class", isOn && number !== index ? "dimmed" : "");
    });
    for (const event of ["focus", "pointerenter"]) button.addEventListener(event, () => mark(true));
    for (const event of ["blur", "pointerleave"]) button.addEventListener(event, () => mark(false));
    list.append(item);
  });
}

function images(items) {
  return [...items].filter((file) => file.type.startsWith("image/") || /\.(heic|heif|avif|tiff?|bmp|webp)$/i.test(file.name));
}

for (const id of ["files", "photo"]) {
  at(id).addEventListener("change", (event) => {
    add(event.target.files);
    event.target.value = "";
  });
}
document.addEventListener("paste", (event) => {
  const files = images(event.clipboardData.files);
  if (files.length > 0) {
    event.preventDefault();
    add(files);
  }
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  const files = images(event.dataTransfer.files);
  if (files.length > 0) add(files); else say("What was dropped is no image.", true);
});
at("model").addEventListener("change", modelChanged);
at("confidence").addEventListener("input", () => {
  at("confidence").dataset.moved = "1";
  at("confidence-text").textContent = at("confidence").value;
});
at("confidence").addEventListener("change", askAll);
at("clear").addEventListener("click", () => {
  for (const image of state.images) URL.revokeObjectURL(image.url);
  state.images = [];
  at("results").replaceChildren();
  at("clear").hidden = true;
  say("");
  at("files").focus();
});
at("choices").addEventListener("submit", (event) => event.preventDefault());
at("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  state.token = at("token").value;
  loadModels().then(askAll);
});
loadModels().catch(() => say("The service cannot be reached.", true));
