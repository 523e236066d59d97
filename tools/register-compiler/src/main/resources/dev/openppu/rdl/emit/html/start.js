/* The start: links lead to views, and views know their links. */

let routed = null;

/** Shows what the address bar says: `#path`, `#path.field`, `#path=value`, or an anchor of the reference itself. */
function route() {
  const text = decodeURIComponent(location.hash.slice(1));
  if (routed === text && shown) {
    return;
  }
  routed = text;
  const [path, value] = text.split("=");
  const target = text === "" ? { node: root, field: null } : /^[bref]-\d/.test(text) ? anchored(text) : resolve(path);
  if (target) {
    show(target.node, target.field, value === undefined ? null : parseNumber(value));
  } else {
    showMissing(text);
  }
}

/** The first instance of what an anchor describes. */
function anchored(id) {
  const type = id.replace(/^[ef]-(\d+)-\d+$/, "r-$1");
  const node = document.getElementById(type) && firstOf(type);
  return node && { node, field: fields(type).find(field => field.id === id.replace("e-", "f-")) ?? null };
}

function setMenu(open) {
  document.getElementById("side").classList.toggle("open", open);
  document.getElementById("menu").setAttribute("aria-expanded", open);
}

/** A field's bits and its row light up together. */
function light(event) {
  document.querySelectorAll("main .hot").forEach(element => element.classList.remove("hot"));
  const over = event.target.closest?.(".bits a, table.fields tbody tr");
  const href = over && (over.localName === "a" ? over : over.querySelector("th a"))?.getAttribute("href");
  for (const link of href ? shown.page.querySelectorAll(".bits a, table.fields th a") : []) {
    (link.closest("tr") ?? link).classList.toggle("hot", link.getAttribute("href") === href);
  }
}

/** On paper is the whole reference, as it was written. */
function beforePrint() {
  leave();
  document.querySelectorAll("main > noscript").forEach(source => section(source.id));
}

function start() {
  document.documentElement.classList.add("scripted");
  buildTree();
  buildSearch();
  route();
  window.addEventListener("hashchange", route);
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", route);
  document.getElementById("menu").addEventListener("click", () => setMenu(!document.getElementById("side").classList.contains("open")));
  document.querySelector(".skip").addEventListener("click", event => {
    event.preventDefault();
    document.getElementById("content").focus();
  });
  document.getElementById("content").addEventListener("mouseover", light);
  document.getElementById("content").addEventListener("click", () => setMenu(false));
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape") {
      setMenu(false);
    }
  });
}

start();
