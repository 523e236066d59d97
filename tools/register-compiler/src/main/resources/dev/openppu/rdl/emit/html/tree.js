/* The tree of blocks and registers; arrays are one item. Items below a block are made when it is opened first. */

const tree = document.getElementById("tree");
const chosen = new Map();
const items = new WeakMap();

function buildTree() {
  tree.setAttribute("role", "tree");
  tree.setAttribute("aria-label", "Blocks and registers");
  tree.replaceChildren(treeItem(root, null, 1));
  tree.firstElementChild.tabIndex = 0;
  tree.addEventListener("click", onTreeClick);
  tree.addEventListener("keydown", onTreeKey);
  setOpen(tree.firstElementChild, true);
}

function treeItem(member, parent, level) {
  const opens = members(member.type).length > 0;
  const link = make("a", { tabindex: -1 }, member.name);
  if (member.dims.length > 0) {
    link.append(make("span", { class: "dims" }, subscripts(member.dims)));
  }
  const item = make("li", { role: "treeitem", tabindex: -1, "aria-level": level, "aria-selected": "false", "aria-expanded": opens ? "false" : null },
    make("div", { class: "item", style: `--level: ${level}` }, make("span", { class: opens ? "twist" : "twist leaf", "aria-hidden": "true" }), link));
  items.set(item, { member, parent, key: (parent ? items.get(parent).key + "." : "") + member.name });
  const node = nodeOf(item);
  link.href = linkTo(pathOf(node));
  item.firstElementChild.append(make("span", { class: "address" }, hex(node.address)));
  return item;
}

/** The instance that an item stands for: of an array, the element that was looked at last. */
function nodeOf(item) {
  const { member, parent, key } = items.get(item);
  return parent ? child(nodeOf(parent), member, chosen.get(key)) : root;
}

function setOpen(item, open) {
  if (!item.hasAttribute("aria-expanded")) {
    return;
  }
  item.setAttribute("aria-expanded", open);
  let group = item.querySelector(":scope > ul");
  if (open && !group) {
    const level = Number(item.getAttribute("aria-level")) + 1;
    group = make("ul", { role: "group" }, ...members(items.get(item).member.type).map(member => treeItem(member, item, level)));
    item.append(group);
  }
  if (group) {
    group.hidden = !open;
  }
}

const isOpen = item => item.getAttribute("aria-expanded") === "true";

function onTreeClick(event) {
  const item = event.target.closest("li");
  if (!item || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  if (event.target.closest(".twist")) {
    setOpen(item, !isOpen(item));
  } else {
    setOpen(item, true);
    goTo(nodeOf(item));
    setMenu(false);
  }
}

function onTreeKey(event) {
  const item = event.target.closest("li");
  const visible = [...tree.querySelectorAll("li")].filter(one => one.offsetParent !== null);
  const at = visible.indexOf(item);
  const actions = {
    ArrowDown: () => focusItem(visible[at + 1]),
    ArrowUp: () => focusItem(visible[at - 1]),
    Home: () => focusItem(visible[0]),
    End: () => focusItem(visible.at(-1)),
    ArrowRight: () => (isOpen(item) ? focusItem(item.querySelector("li")) : setOpen(item, true)),
    ArrowLeft: () => (isOpen(item) ? setOpen(item, false) : focusItem(items.get(item).parent)),
    Enter: () => { goTo(nodeOf(item)); setMenu(false); },
    " ": () => goTo(nodeOf(item)),
  };
  if (actions[event.key] && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    actions[event.key]();
  }
}

function focusItem(item) {
  if (item) {
    tree.querySelector("li[tabindex='0']").tabIndex = -1;
    item.tabIndex = 0;
    item.focus({ preventScroll: true });
    item.firstElementChild.scrollIntoView({ block: "nearest" });
  }
}

/** Opens the way to an instance, and selects it. */
function revealInTree(node) {
  let item = tree.firstElementChild;
  for (const step of chainOf(node).slice(1)) {
    setOpen(item, true);
    item = [...item.querySelector(":scope > ul").children].find(one => items.get(one).member === step.member);
    chosen.set(items.get(item).key, step.indices);
  }
  tree.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  tree.querySelector("li[tabindex='0']").tabIndex = -1;
  item.setAttribute("aria-selected", "true");
  item.tabIndex = 0;
  item.firstElementChild.scrollIntoView({ block: "nearest" });
}
