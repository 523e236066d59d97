/* The map: types that stand in types. A node is an instance; its address is a BigInt. */

const data = JSON.parse(document.getElementById("data").textContent);
const parsedMembers = new Map();
const descriptions = new Map();

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };

const hex = (value, digits = 2) => "0x" + value.toString(16).padStart(digits, "0");
const isRegister = type => type.startsWith("r-");
const blockOf = type => (isRegister(type) ? null : data.blocks[Number(type.slice(2))]);

const root = { name: data.name, parent: null, type: "b-0", address: BigInt("0x" + data.base), offset: 0n, dims: [], indices: [] };

/** What stands in blocks of a type. */
function members(type) {
  let list = parsedMembers.get(type);
  if (!list) {
    const block = blockOf(type);
    list = (block ? block.members : []).map(([name, of, offset, dims, stride]) => ({
      name, type: of, offset: BigInt("0x" + offset), dims: dims ?? [], stride: BigInt("0x" + (stride ?? "0")),
    }));
    parsedMembers.set(type, list);
  }
  return list;
}

/**
 * The section that describes a type. To a browser with scripts it is text inside of noscript, which costs nothing to load; it
 * becomes elements when it is looked at.
 */
function section(type) {
  const source = document.getElementById(type);
  if (source?.localName !== "noscript") {
    return source;
  }
  described(type);
  const made = document.createRange().createContextualFragment(source.textContent).firstElementChild;
  made.id = type;
  Object.assign(made.dataset, source.dataset);
  source.replaceWith(made);
  return made;
}

/** The element of an anchor `f-12-3` or `e-12-3`, which stands in the section of `r-12`. */
function anchor(id) {
  section(id.replace(/^[ef]-(\d+)-\d+$/, "r-$1"));
  return document.getElementById(id);
}

/** What a section's source says without its markup. */
const plain = markup => markup.replace(/<wbr>/g, "").replace(/<[^>]*>/g, " ")
 .replace(/&(lt|gt|amp|quot|#39);/g, (all, name) => ENTITIES[name]).replace(/\s+/g, " ").trim();

/** What can be searched for and decoded in a type, read from its section's source. */
function described(type) {
  let known = descriptions.get(type);
  if (!known) {
    const [head, ...rows] = document.getElementById(type).textContent.split("\n<tr id=");
    const first = head.split("<table")[0];
    known = { label: part(first, "p class=label", "p"), about: part(first, "div class=desc", "div"),
      fields: isRegister(type) ? rows.map(readRow) : [] };
    descriptions.set(type, known);
  }
  return known;
}

function part(markup, opening, tag) {
  const begin = markup.indexOf(`<${opening}>`);
  return begin < 0 ? "" : plain(markup.slice(begin, markup.indexOf(`</${tag}>`, begin)));
}

/** A row is `f-12-3><td>31:16<th>name<td>RW<td>r<td>0x00<td>about`. */
function readRow(source) {
  const start = source.indexOf(">");
  const [, bits, name, access, hw, , ...about] = source.slice(start + 1).split(/<t[dh](?: class=long)?>/);
  const [left, right = left] = bits.split(":").map(Number);
  const text = about.join(" ");
  return {
    id: source.slice(0, start), name: plain(name), bits, access, hw, low: BigInt(Math.min(left, right)), width: BigInt(Math.abs(left - right) + 1),
    text: plain(text), said: [part(text, "p class=label", "p"), part(text, "div class=desc", "div")].filter(one => one).join(": "),
  };
}

/** The fields of registers of a type. */
const fields = type => described(type).fields;

/** Bytes of one element. */
function sizeOf(type) {
  const block = blockOf(type);
  return block ? BigInt("0x" + block.size) : BigInt(document.getElementById(type).dataset.w) / 8n;
}

function child(parent, member, indices = member.dims.map(() => 0)) {
  const element = indices.reduce((sum, index, i) => sum * BigInt(member.dims[i]) + BigInt(index), 0n);
  const offset = member.offset + element * member.stride;
  return { name: member.name, parent, member, type: member.type, dims: member.dims, indices, offset, address: parent.address + offset };
}

const subscripts = indices => indices.map(index => `[${index}]`).join("");
const stepOf = node => node.name + subscripts(node.indices);
const pathOf = node => (node.parent ? pathOf(node.parent) + "." : "") + stepOf(node);
const chainOf = node => (node.parent ? [...chainOf(node.parent), node] : [node]);
const linkTo = path => "#" + encodeURI(path).replace(/%5B/g, "[").replace(/%5D/g, "]");

/** The same node with the indices of its chain from another source; `choose` may answer null for "as it is". */
function withIndices(node, choose) {
  return node.parent ? child(withIndices(node.parent, choose), node.member, choose(node) ?? node.indices) : node;
}

/** What a path leads to: {node, field}, or null. The root's name may be left out; so may the indices of a first element. */
function resolve(path) {
  const steps = path.trim().split(".");
  const first = steps[0] === root.name ? follow(root, steps.slice(1)) : null;
  return first ?? follow(root, steps);
}

function follow(node, steps) {
  if (steps.length === 0) {
    return { node, field: null };
  }
  const [, name, brackets] = /^([^[\]]*)((?:\[[^\]]*\])*)$/.exec(steps[0]) ?? [];
  if (isRegister(node.type)) {
    const field = fields(node.type).find(one => one.name === steps[0]);
    return field && steps.length === 1 ? { node, field } : null;
  }
  const member = members(node.type).find(one => one.name === name);
  const indices = member && indicesIn(brackets, member.dims);
  return indices ? follow(child(node, member, indices), steps.slice(1)) : null;
}

function indicesIn(brackets, dims) {
  const indices = [...brackets.matchAll(/\[([^\]]*)\]/g)].map(match => (match[1].trim() === "" ? NaN : Number(match[1])));
  if (indices.length === 0) {
    return dims.map(() => 0);
  }
  const fits = indices.length === dims.length && indices.every((index, i) => Number.isInteger(index) && index >= 0 && index < dims[i]);
  return fits ? indices : null;
}

/** The registers and memories that cover an address; where there are none, the blocks that do, innermost first. */
function covering(address) {
  const hits = [];
  const around = [];
  const visit = node => {
    let inside = false;
    for (const member of members(node.type)) {
      const rest = address - node.address - member.offset;
      const count = member.dims.reduce((product, size) => product * BigInt(size), 1n);
      const element = rest < 0n || member.stride === 0n ? 0n : rest / member.stride;
      if (rest >= 0n && element < count && rest - element * member.stride < sizeOf(member.type)) {
        inside = true;
        visit(child(node, member, spread(element, member.dims)));
      }
    }
    if (isRegister(node.type) || (!inside && blockOf(node.type).entries)) {
      hits.push(node);
    } else if (!inside && address >= node.address && address < node.address + sizeOf(node.type)) {
      around.push(node);
    }
  };
  visit(root);
  return { hits, around: around.reverse() };
}

/** The indices of an element that is counted through all dimensions, the last fastest. */
function spread(element, dims) {
  const indices = [];
  for (let i = dims.length - 1; i >= 0; i--) {
    indices.unshift(Number(element % BigInt(dims[i])));
    element /= BigInt(dims[i]);
  }
  return indices;
}

/** Some instance of a type. */
function firstOf(type) {
  const seen = new Set();
  const visit = node => {
    if (node.type === type) {
      return node;
    }
    for (const member of seen.has(node.type) ? [] : members(node.type)) {
      const found = visit(child(node, member));
      if (found) {
        return found;
      }
    }
    seen.add(node.type);
    return null;
  };
  return visit(root);
}
