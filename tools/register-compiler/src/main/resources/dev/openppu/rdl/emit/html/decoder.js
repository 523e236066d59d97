/* The decoder: a register's raw value and its fields, each written to the other. */

const decoders = new Map();
let decoding = null;

function openDecoder(node, page, value) {
  let decoder = decoders.get(node.type);
  if (!decoder) {
    decoder = buildDecoder(node.type, page);
    decoders.set(node.type, decoder);
  }
  decoding = decoder;
  setValue(decoder, value ?? decoder.reset);
}

/** The value of the register on show, or null where it is that after a reset. */
function changedValue() {
  return shown && isRegister(shown.node.type) && decoding.value !== decoding.reset ? decoding.value : null;
}

function buildDecoder(type, page) {
  const width = BigInt(page.dataset.w);
  const decoder = { width, reset: BigInt(page.dataset.r), value: 0n, digits: Number(width + 3n) >> 2 };
  decoder.raw = make("input", { type: "text", spellcheck: "false", autocomplete: "off",
    oninput: () => readRaw(decoder), onchange: () => setValue(decoder, decoder.value) });
  decoder.wrong = make("p", { class: "wrong", role: "alert" });
  decoder.forms = make("output");
  const button = (text, value) => make("button", { type: "button", onclick: () => setValue(decoder, value) }, text);
  page.querySelector("table.fields").before(make("div", { class: "decoder" }, make("label", {}, "Value", decoder.raw),
    button("Reset", decoder.reset), button("All 0", 0n), button("All 1", ones(width)), decoder.wrong, decoder.forms));
  page.querySelector("table.fields thead th:last-child").before(make("th", { class: "value", scope: "col" }, "Value"));
  decoder.parts = fields(type).map(field => addPart(decoder, field));
  decoder.used = decoder.parts.reduce((mask, part) => mask | (ones(part.width) << part.low), 0n);
  return decoder;
}

const ones = width => (1n << width) - 1n;

function addPart(decoder, { id, name, low, width }) {
  const row = anchor(id);
  const part = { low, width };
  const values = valuesOf(row);
  const label = `value of ${name}`;
  const write = value => setValue(decoder, (decoder.value & ~(ones(width) << low)) | (value << low));
  let input;
  if (values.length > 0) {
    input = make("select", { "aria-label": label, onchange: () => write(BigInt(input.value)) },
      ...values.map(([value, text]) => make("option", { value: value.toString() }, `${hex(value, 1)} ${text}`)));
    part.show = value => { showChoice(input, value); markValue(row, value); };
  } else if (width === 1n) {
    const bit = make("span");
    input = make("input", { type: "checkbox", "aria-label": label, onchange: () => write(input.checked ? 1n : 0n) });
    part.show = value => { input.checked = value === 1n; bit.textContent = value; };
    part.beside = bit;
  } else {
    input = make("input", { type: "text", "aria-label": label, spellcheck: "false", size: Math.min(22, (Number(width + 3n) >> 2) + 3), onchange: () => {
      const value = parseNumber(input.value);
      const fits = value !== null && value <= ones(width);
      input.setAttribute("aria-invalid", !fits);
      if (fits) {
        write(value);
      }
    } });
    part.show = value => { input.value = hex(value, Number(width + 3n) >> 2); input.removeAttribute("aria-invalid"); };
  }
  const cell = make("td", { class: "value" }, part.beside ? make("label", {}, input, part.beside) : input);
  row.lastElementChild.before(cell);
  return part;
}

/** The names of a field's values, here or where the reference lists them. */
function valuesOf(row) {
  const link = row.querySelector(".enumref a");
  const list = link ? anchor(link.hash.slice(1)) : row.querySelector("dl.enum");
  return list ? [...list.querySelectorAll("dt")].map(term => [BigInt(term.textContent), term.nextElementSibling.querySelector("b").textContent]) : [];
}

function showChoice(select, value) {
  select.querySelector(".unnamed")?.remove();
  select.value = value.toString();
  if (select.selectedIndex < 0) {
    select.append(make("option", { class: "unnamed", value: value.toString() }, `${hex(value, 1)} (no name)`));
    select.value = value.toString();
  }
}

/** Marks the value among those that the row lists. */
function markValue(row, value) {
  for (const term of row.querySelectorAll("dl.enum dt")) {
    const now = BigInt(term.textContent) === value;
    term.classList.toggle("now", now);
    term.nextElementSibling.classList.toggle("now", now);
  }
}

/** Hexadecimal, binary, decimal, Verilog's 32'hff, blanks and underscores within; bare digits with letters are hexadecimal. */
function parseNumber(text) {
  const plain = text.replace(/[\s_]/g, "").toLowerCase().replace(/^\d*'([hdb])/, (all, radix) => ({ h: "0x", d: "", b: "0b" })[radix]);
  try {
    const digits = /^[0-9a-f]*[a-f][0-9a-f]*$/.test(plain) && !plain.startsWith("0b") ? "0x" + plain : plain;
    return digits === "" || digits.startsWith("-") ? null : BigInt(digits);
  } catch {
    return null;
  }
}

function readRaw(decoder) {
  const value = parseNumber(decoder.raw.value);
  const fits = value !== null && value <= ones(decoder.width);
  decoder.raw.setAttribute("aria-invalid", !fits);
  if (fits) {
    spreadValue(decoder, value);
  } else {
    decoder.wrong.textContent = value === null ? "This is no number: 0x1f, 31, 0b11111 and 8'h1f are." : `This needs more than ${decoder.width} bits.`;
  }
}

function setValue(decoder, value) {
  const fitting = value & ones(decoder.width);
  decoder.raw.value = hex(fitting, decoder.digits);
  decoder.raw.removeAttribute("aria-invalid");
  spreadValue(decoder, fitting);
}

function spreadValue(decoder, value) {
  decoder.value = value;
  decoder.parts.forEach(part => part.show((value >> part.low) & ones(part.width)));
  const stray = value & ~decoder.used;
  decoder.wrong.textContent = stray === 0n ? "" : `Bits outside all fields are 1: ${hex(stray, decoder.digits)}`;
  const bits = value.toString(2).padStart(Number(decoder.width), "0").replace(/(?=(?:.{4})+$)(?!^)/g, "_");
  decoder.forms.textContent = decoder.width <= 64n ? `${value}   0b${bits}` : `${value}`;
}
