/* Search: a path, an address, or words that names and texts contain. */

const query = document.getElementById("query");
const results = document.getElementById("results");
const MOST_RESULTS = 60;
const MOST_ENTRIES = 200000;
let index = null;
let selected = -1;

/** Everything declared, arrays as their first elements, with what can be searched in lower case. */
function buildIndex() {
  const entries = [];
  const visit = (node, path) => {
    const { label, about, fields: inside } = described(node.type);
    entries.push({ node, path, label, about, fields: inside, name: node.name.toLowerCase(), text: `${label}\n${about}`.toLowerCase() });
    for (const member of entries.length < MOST_ENTRIES ? members(node.type) : []) {
      visit(child(node, member), `${path}.${member.name.toLowerCase()}`);
    }
  };
  visit(root, root.name.toLowerCase());
  return entries;
}

function search(text) {
  const wanted = text.trim();
  if (/^(0x[0-9a-f_]+|[0-9][0-9a-f]*h)$/i.test(wanted)) {
    return searchAddress(BigInt("0x" + wanted.replace(/^0x|_|h$/gi, "")));
  }
  const exact = resolvePath(wanted);
  const rest = searchWords(wanted).filter(hit => !exact || pathOfHit(hit) !== pathOfHit(exact));
  return exact ? [exact, ...rest] : rest;
}

function resolvePath(text) {
  const [path, value] = text.split("=");
  const found = path.includes(".") || path.includes("[") ? resolve(path) : null;
  const number = value === undefined ? null : parseNumber(value);
  return found && { ...found, value: number, said: number === null ? "" : `value ${hex(number)}` };
}

function searchAddress(address) {
  const { hits, around } = covering(address);
  const lead = isRegister(hits[0]?.type ?? "b-") || hits.length > 0 ? [] : [{ note: `No register covers ${hex(address)}.` }];
  return [...lead, ...(hits.length > 0 ? hits : around).map(node => {
    const rest = address - node.address;
    const entries = blockOf(node.type)?.entries;
    const said = hits.length === 0 ? `${hex(rest)} bytes in`
      : entries ? `entry ${rest / BigInt("0x" + entries[1])}` : rest > 0n ? `byte ${rest} of ${sizeOf(node.type)}` : "";
    return { node, field: null, said };
  })];
}

/** Indices in a query hold for the array of that name: `queue[3] status` finds the status of the third queue. */
function searchWords(text) {
  const indices = new Map([...text.matchAll(/([^\s.[\]]+)((?:\[\d+\])+)/g)].map(([, name, brackets]) => [name.toLowerCase(), brackets]));
  const words = text.replace(/\[[^\]]*\]?/g, "").toLowerCase().split(/\s+/).filter(word => word !== "");
  if (words.length === 0) {
    return [];
  }
  index ??= buildIndex();
  const hits = [];
  index.forEach((entry, order) => rate(entry, words, order, hits));
  hits.sort((a, b) => b.score - a.score || a.order - b.order);
  const choose = node => indicesIn(indices.get(node.name.toLowerCase()) ?? "", node.dims);
  const named = hits.filter(hit => [...indices.keys()].every(name => chainOf(hit.node).some(step => step.name.toLowerCase() === name)));
  return named.slice(0, MOST_RESULTS).map(hit => ({ ...hit, node: withIndices(hit.node, choose) }));
}

function rate(entry, words, order, hits) {
  const score = sum(words, word => rateWord(entry, word));
  if (score > 0) {
    hits.push({ node: entry.node, field: null, score, order, said: entry.label || entry.about });
  }
  for (const field of entry.fields) {
    const name = field.name.toLowerCase();
    const text = (field.lower ??= field.text.toLowerCase());
    const inField = words.some(word => name.includes(word) || (score === 0 && text.includes(word)));
    const rated = inField ? sum(words, word => rateField(name, text, entry, word)) : 0;
    if (rated > 0) {
      hits.push({ node: entry.node, field, score: rated, order, said: field.said });
    }
  }
}

/** The sum of what every word scores; 0 where one does not occur. */
function sum(words, score) {
  let total = 0;
  for (const word of words) {
    const one = score(word);
    if (one === 0) {
      return 0;
    }
    total += one;
  }
  return total;
}

function rateWord(entry, word) {
  return entry.name === word ? 100 : entry.path.endsWith("." + word) ? 95 : entry.name.startsWith(word) ? 80 : entry.name.includes(word) ? 60
    : entry.path.includes(word) ? 40 : entry.text.includes(word) ? 10 : 0;
}

function rateField(name, text, entry, word) {
  return name === word ? 90 : `${entry.path}.${name}`.endsWith("." + word) ? 95 : name.startsWith(word) ? 70 : name.includes(word) ? 50
    : entry.path.includes(word) ? 35 : text.includes(word) ? 8 : 0;
}

const pathOfHit = hit => pathOf(hit.node) + (hit.field ? "." + hit.field.name : "");

function updateResults() {
  const hits = query.value.trim() === "" ? [] : search(query.value);
  results.replaceChildren(...hits.map(resultItem));
  if (query.value.trim() !== "" && hits.length === 0) {
    results.append(make("li", { class: "none" }, "Nothing found."));
  }
  results.hidden = results.childElementCount === 0;
  query.setAttribute("aria-expanded", !results.hidden);
  select(results.querySelector("[role=option]") ? 0 : -1);
  say(`${hits.length} results`);
}

function resultItem(hit, i) {
  if (hit.note) {
    return make("li", { class: "none" }, hit.note);
  }
  const where = hit.field ? `${hex(hit.node.address)} [${hit.field.bits}]` : hex(hit.node.address);
  const href = linkTo(pathOfHit(hit)) + (hit.value != null ? "=" + hex(hit.value) : "");
  return make("li", { role: "option", id: `hit-${i}`, "aria-selected": "false" },
    make("a", { href, tabindex: -1, onclick: () => closeResults(true) }, make("span", { class: "path" }, ...marked(pathOfHit(hit))),
      make("span", { class: "where" }, where), hit.said ? make("span", { class: "said" }, hit.said.slice(0, 160)) : null));
}

/** The path with what was searched for marked. */
function marked(path) {
  const words = query.value.toLowerCase().split(/[\s]+/).map(word => word.replace(/\[.*$/, "")).filter(word => word.length > 1);
  const at = words.map(word => [path.toLowerCase().lastIndexOf(word), word.length]).find(([start]) => start >= 0);
  return at ? [path.slice(0, at[0]), make("mark", {}, path.slice(at[0], at[0] + at[1])), path.slice(at[0] + at[1])] : [path];
}

function select(number) {
  const options = [...results.querySelectorAll("[role=option]")];
  selected = options.length === 0 ? -1 : (number + options.length) % options.length;
  options.forEach((option, i) => option.setAttribute("aria-selected", i === selected));
  options[selected]?.scrollIntoView({ block: "nearest" });
  if (selected >= 0) {
    query.setAttribute("aria-activedescendant", options[selected].id);
  } else {
    query.removeAttribute("aria-activedescendant");
  }
}

function closeResults(done) {
  results.hidden = true;
  query.setAttribute("aria-expanded", "false");
  if (done) {
    query.value = "";
    query.blur();
  }
}

function onQueryKey(event) {
  const actions = {
    ArrowDown: () => (results.hidden ? updateResults() : select(selected + 1)),
    ArrowUp: () => select(selected - 1),
    Enter: () => results.querySelector("[aria-selected=true] a")?.click(),
    Escape: () => closeResults(results.hidden),
  };
  if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
}

function buildSearch() {
  query.addEventListener("input", updateResults);
  query.addEventListener("focus", () => { if (query.value.trim() !== "") { updateResults(); } });
  query.addEventListener("keydown", onQueryKey);
  document.addEventListener("pointerdown", event => { if (!event.target.closest(".search")) { closeResults(false); } });
}
