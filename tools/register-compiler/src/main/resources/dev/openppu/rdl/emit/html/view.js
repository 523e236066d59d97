/* The view: one section of the reference at a time, with the addresses and links of the instance that is looked at. */

const place = document.getElementById("place");
let shown = null;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter(one => one !== null));
  return element;
}

function say(text) {
  document.getElementById("said").textContent = text;
}

/** Shows an instance; `value` is a register's value to decode, or null. */
function show(node, field = null, value = null) {
  leave();
  const page = section(node.type);
  shown = { node, field, page, undo: [] };
  page.classList.add("shown");
  place.replaceChildren(heading(node), numbers(node));
  relate(shown);
  if (isRegister(node.type)) {
    openDecoder(node, page, value);
  }
  document.title = `${pathOf(node)}${field ? "." + field.name : ""} · ${data.name}`;
  revealInTree(node);
  if (field) {
    const row = anchor(field.id);
    row.classList.add("target");
    shown.undo.push(() => row.classList.remove("target"));
    row.scrollIntoView({ block: "center" });
  } else {
    window.scrollTo(0, 0);
  }
}

/** Puts the document back to what it was, for the next instance or for paper. */
function leave() {
  if (shown) {
    shown.undo.forEach(undo => undo());
    shown.page.classList.remove("shown");
    shown = null;
  }
}

function showMissing(path) {
  leave();
  place.replaceChildren(make("p", { class: "does-not", role: "alert" }, "There is no ", make("code", {}, path), " in this map."));
  document.title = data.name;
}

/** The path, every step a link, every index a number to change. */
function heading(node) {
  const title = make("h1");
  for (const step of chainOf(node)) {
    if (step.parent) {
      title.append(make("span", { class: "dot" }, "."));
    }
    title.append(step === node ? make("span", { class: "here" }, step.name) : make("a", { href: linkTo(pathOf(step)) }, step.name));
    step.indices.forEach((index, i) => title.append(make("span", { class: "nowrap" }, "[", indexInput(node, step, i), "]")));
  }
  return title;
}

function indexInput(node, step, dimension) {
  const last = step.dims[dimension] - 1;
  return make("input", {
    type: "number", min: 0, max: last, value: step.indices[dimension], inputmode: "numeric",
    "aria-label": `index of ${step.name}, 0 to ${last}`, title: `0 to ${last}`, style: `width: ${Math.max(4, String(last).length + 3)}ch`,
    onchange: event => {
      const wanted = Math.min(last, Math.max(0, Math.trunc(Number(event.target.value)) || 0));
      const indices = step.indices.with(dimension, wanted);
      goTo(withIndices(node, one => (one.member === step.member && pathOf(one) === pathOf(step) ? indices : null)));
      place.querySelectorAll("h1 input")[inputNumber(node, step, dimension)]?.focus();
    },
  });
}

function inputNumber(node, step, dimension) {
  const before = chainOf(node).slice(0, chainOf(step).length - 1);
  return before.reduce((sum, one) => sum + one.indices.length, 0) + dimension;
}

function goTo(node, field = null) {
  location.hash = linkTo(pathOf(node) + (field ? "." + field.name : ""));
  route();
}

/** Address, offset and the buttons. */
function numbers(node) {
  const list = make("dl", { class: "numbers" }, entry("Address", "address", hex(node.address)));
  if (node.parent) {
    list.append(entry("Offset", "offset", `+${hex(node.offset)} in ${node.parent.name}`));
  }
  const entries = blockOf(node.type)?.entries;
  if (entries) {
    list.append(entryFinder(node, entries));
  }
  const siblings = node.parent ? members(node.parent.type) : [];
  const at = siblings.indexOf(node.member);
  list.append(make("div", { class: "steps" },
    make("button", { type: "button", disabled: at <= 0, "aria-label": "Previous", title: "Previous",
      onclick: () => goTo(child(node.parent, siblings[at - 1])) }, "←"),
    make("button", { type: "button", disabled: at < 0 || at === siblings.length - 1, "aria-label": "Next", title: "Next",
      onclick: () => goTo(child(node.parent, siblings[at + 1])) }, "→"),
    make("button", { type: "button", class: "copy", onclick: () => copy(shareableLink(), "link") }, "Copy link")));
  return list;
}

function entry(term, kind, text) {
  return make("div", {}, make("dt", {}, term), make("dd", { class: kind }, text));
}

function entryFinder(node, [count, bytes]) {
  const address = make("dd", {}, hex(node.address));
  const input = make("input", { type: "number", min: 0, max: count - 1, value: 0, "aria-label": `entry, 0 to ${count - 1}`,
    oninput: () => {
      const index = Math.min(count - 1, Math.max(0, Math.trunc(Number(input.value)) || 0));
      address.textContent = hex(node.address + BigInt(index) * BigInt("0x" + bytes));
    } });
  return make("div", {}, make("dt", {}, "Entry"), input, make("dt", {}, "at"), address);
}

function shareableLink() {
  const path = pathOf(shown.node) + (shown.field ? "." + shown.field.name : "");
  const value = changedValue();
  return location.href.split("#")[0] + linkTo(path) + (value === null ? "" : "=" + hex(value));
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { class: "unseen" }, text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const button = place.querySelector(".copy");
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy link"; }, 1500);
  say(`${what} copied`);
}

/** Turns what the section says of a type into what holds for this instance; notes how to turn it back. */
function relate(view) {
  const { node, page } = view;
  const table = page.querySelector(":scope > table.members");
  if (table) {
    relateText(view, table.querySelector("thead th"), "Address");
    members(node.type).forEach((member, i) => {
      const one = child(node, member);
      const row = table.tBodies[0].rows[i];
      relateText(view, row.cells[0], hex(one.address));
      relateLink(view, row.querySelector("a"), pathOf(one));
    });
  }
  for (const field of fields(node.type)) {
    relateField(view, field, `${pathOf(node)}.${field.name}`);
  }
  page.querySelector("figure")?.setAttribute("aria-hidden", "true");
  page.querySelectorAll("code.ref").forEach(reference => relateReference(view, reference));
  page.querySelectorAll(".index").forEach(span => {
    const of = span.dataset.up ? node.parent : node;
    relateText(view, span, subscripts(of?.indices ?? []));
  });
  page.querySelectorAll("p.enumref").forEach(reference => {
    const values = anchor(reference.querySelector("a").hash.slice(1)).cloneNode(true);
    values.removeAttribute("id");
    reference.after(values);
    reference.hidden = true;
    view.undo.push(() => { values.remove(); reference.hidden = false; });
  });
}

function relateField(view, field, path) {
  const [, name, access, hw] = anchor(field.id).cells;
  relateContent(view, name, make("a", { href: linkTo(path) }, ...[...name.childNodes].map(one => one.cloneNode())));
  access.title = explain(field.access);
  hw.title = `hardware: ${field.hw}`;
  for (const link of view.page.querySelectorAll(`.bits a[href="#${field.id}"]`)) {
    relateLink(view, link, path);
    link.setAttribute("tabindex", "-1");
    if (!link.querySelector("title")) {
      link.prepend(document.createElementNS(link.namespaceURI, "title"));
      link.firstChild.textContent = `${field.name} ${field.bits} ${field.access}`;
    }
  }
}

const WRITES = { W: "", W1C: "writing 1 clears", W1S: "writing 1 sets", W1T: "writing 1 toggles", W0C: "writing 0 clears", W0S: "writing 0 sets",
  W0T: "writing 0 toggles", WC: "any write clears", WS: "any write sets", WU: "writing has an effect of its own" };
const READS = { RC: "reading clears", RS: "reading sets", RU: "reading has an effect of its own" };

/** The letters of an access in words. */
function explain(access) {
  const known = { RW: "read and write", RO: "read only", WO: "write only", WOC: "write only, any write clears", WOS: "write only, any write sets", NA: "no access by software" }[access];
  const [, write, once, only, read] = /^(W(?:[01][CST]|[CSU])?)?(O?1)?(-O)?(R[CSU])?$/.exec(access) ?? [];
  const words = [WRITES[write], once && "only the first write counts", (only || once === "O1") && "not readable", READS[read]].filter(one => one);
  return `software: ${known ?? words.join(", ")}`;
}

function relateText(view, element, text) {
  const before = element.textContent;
  element.textContent = text;
  view.undo.push(() => { element.textContent = before; });
}

function relateContent(view, element, content) {
  const before = [...element.childNodes];
  element.replaceChildren(content);
  view.undo.push(() => element.replaceChildren(...before));
}

function relateLink(view, link, path) {
  const before = link.getAttribute("href");
  link.setAttribute("href", linkTo(path));
  view.undo.push(() => link.setAttribute("href", before));
}

/** A reference counts its levels from the component that has the property: a field, a signal, or what the section is about. */
function relateReference(view, reference) {
  let up = Number(reference.dataset.up) - (reference.closest("tr") ? 1 : 0);
  let from = view.node;
  for (; up > 0 && from; up--) {
    from = from.parent;
  }
  const target = from && resolve(`${pathOf(from)}.${reference.dataset.to}`);
  if (target) {
    const path = pathOf(target.node) + (target.field ? "." + target.field.name : "");
    relateContent(view, reference, make("a", { href: linkTo(path) }, reference.textContent));
  }
}
