"use strict";

/* Uses the reference as a reader does, in a frame, and reports a line for every behaviour. */

const report = document.getElementById("report");
let frame = null;
let opened = 0;

const pause = (time = 20) => new Promise(done => setTimeout(done, time));
const page = () => frame.contentDocument;
const one = selector => page().querySelector(selector);
const all = selector => [...page().querySelectorAll(selector)];
const spoken = node => (node.localName === "input" ? node.value : node.childNodes.length > 0 ? [...node.childNodes].map(spoken).join("") : node.textContent);
const heading = () => spoken(one("#place h1"));
const address = () => one("#place .address").textContent;
const row = name => all("section.shown table.fields > tbody > tr").find(each => each.querySelector("th").textContent === name);
const visible = element => element.getClientRects().length > 0;

function equal(actual, expected) {
  if (actual !== expected) {
    throw new Error(`${JSON.stringify(actual)} where ${JSON.stringify(expected)} was expected`);
  }
}

function holds(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

function open(hash, { width = 1280, sandbox = null } = {}) {
  frame?.remove();
  frame = document.createElement("iframe");
  frame.style = `border: 0; width: ${width}px; height: 900px`;
  if (sandbox !== null) {
    frame.setAttribute("sandbox", sandbox);
  }
  const loaded = new Promise(done => { frame.onload = done; });
  frame.src = `reference.html?${opened++}${hash}`;
  document.body.append(frame);
  return loaded.then(() => pause());
}

async function type(input, text) {
  input.focus();
  input.value = text;
  input.dispatchEvent(new frame.contentWindow.Event("input", { bubbles: true }));
  await pause();
}

async function change(input, value) {
  if (input.type === "checkbox") {
    input.click();
  } else {
    input.value = value;
    input.dispatchEvent(new frame.contentWindow.Event("change", { bubbles: true }));
  }
  await pause();
}

async function press(element, key) {
  element.dispatchEvent(new frame.contentWindow.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await pause();
}

async function click(element) {
  element.dispatchEvent(new frame.contentWindow.MouseEvent("click", { bubbles: true, cancelable: true, view: frame.contentWindow }));
  await pause();
}

const found = () => all("#results [role=option] .path").map(path => path.textContent);

const scenarios = {
  async "the map itself is shown at first"() {
    await open("");
    equal(heading(), "hard");
    equal(all("section.shown").length, 1);
    holds(visible(one("section.shown table.members")), "its table is not visible");
  },

  async "a search by name leads to a register"() {
    await open("");
    await type(one("#query"), "identity");
    equal(found()[0], "hard.identity");
    await press(one("#query"), "Enter");
    equal(heading(), "hard.identity");
    equal(frame.contentWindow.location.hash, "#hard.identity");
    equal(one("#results").hidden, true);
  },

  async "a search by a field's description is clicked"() {
    await open("");
    await type(one("#query"), "cause 63");
    equal(found()[0], "hard.channels[0][0].flags.cause_63");
    await click(one("#results a"));
    equal(frame.contentWindow.location.hash, "#hard.channels[0][0].flags.cause_63");
    holds(row("cause_63").classList.contains("target"), "the row is not marked");
  },

  async "an address finds the element of an array that covers it"() {
    await open("");
    await type(one("#query"), "0x7e71a");
    equal(found().join(), "hard.channels[2][7].control[3]");
    equal(one("#results .said").textContent, "byte 2 of 4");
    await type(one("#query"), "0x10010008");
    equal(found().join(), "hard.sub.million[2]");
  },

  async "an address between registers finds the block around it"() {
    await open("");
    await type(one("#query"), "0x1068");
    equal(found()[0], "hard");
    holds(one("#results").textContent.includes("No register covers 0x1068"), "the gap is not named");
  },

  async "an address in a memory finds its entry"() {
    await open("");
    await type(one("#query"), "0x800010");
    equal(found()[0], "hard.samples");
    equal(one("#results .said").textContent, "entry 4");
  },

  async "indices in a query choose elements"() {
    await open("");
    await type(one("#query"), "channels[1][9] overrun");
    equal(found()[0], "hard.channels[1][9].status.overrun");
    await type(one("#query"), "channels[3][0] overrun");
    equal(found()[0], "hard.channels[0][0].status.overrun");
  },

  async "results are chosen with arrow keys and closed with escape"() {
    await open("");
    await type(one("#query"), "control");
    const first = one("#query").getAttribute("aria-activedescendant");
    await press(one("#query"), "ArrowDown");
    holds(one("#query").getAttribute("aria-activedescendant") !== first, "the selection does not move");
    await press(one("#query"), "Escape");
    equal(one("#results").hidden, true);
  },

  async "a link to an element of arrays of arrays opens it"() {
    await open("#hard.channels[2][999].control[3]");
    equal(heading(), "hard.channels[2][999].control[3]");
    equal(address(), "0xbc718");
    equal(page().title, "hard.channels[2][999].control[3] · hard");
    holds(one("section.shown .desc").textContent.includes("Control of control[3], channel [2][999]."), one("section.shown .desc").textContent);
  },

  async "addresses beyond 2^53 are exact"() {
    await open("#hard.far");
    equal(address(), "0x7fff00000000");
  },

  async "an index is changed in the heading"() {
    await open("#hard.channels[0][5].flags");
    await change(one("#place h1 input"), "2");
    equal(frame.contentWindow.location.hash, "#hard.channels[2][5].flags");
    equal(address(), "0x7e528");
    await change(all("#place h1 input")[1], "99999");
    equal(frame.contentWindow.location.hash, "#hard.channels[2][999].flags");
  },

  async "back and forward lead through what was seen"() {
    await open("#hard.identity");
    await click(all("#tree li a").find(link => link.textContent === "sub"));
    equal(heading(), "hard.sub");
    frame.contentWindow.history.back();
    await pause(200);
    equal(heading(), "hard.identity");
    frame.contentWindow.history.forward();
    await pause(200);
    equal(heading(), "hard.sub");
  },

  async "a link that leads nowhere says so"() {
    await open("#hard.nowhere");
    holds(one("#place").textContent.includes("There is no hard.nowhere"), one("#place").textContent);
  },

  async "links in tables lead to instances"() {
    await open("#hard.channels[1][2]");
    const link = all("section.shown table.members a").find(each => each.textContent === "flags");
    equal(link.getAttribute("href"), "#hard.channels[1][2].flags");
    equal(link.closest("tr").cells[0].textContent, "0x3fa28");
  },

  async "references to other fields are links"() {
    await open("#hard.channels[1][2].status");
    equal(one("section.shown code.ref a").getAttribute("href"), "#hard.channels[1][2].target.sink");
  },

  async "a drawing leads to the rows of its fields"() {
    await open("#hard.channels[0][0].control[0]");
    const bits = all("section.shown .bits a").find(link => link.querySelector("title").textContent.startsWith("source"));
    equal(bits.getAttribute("href"), "#hard.channels[0][0].control[0].source");
    bits.dispatchEvent(new frame.contentWindow.MouseEvent("mouseover", { bubbles: true }));
    holds(row("source").classList.contains("hot"), "the row does not light up");
  },

  async "letters of accesses are told in words"() {
    await open("#hard.channels[0][0].flags");
    equal(row("cause_3").cells[2].textContent, "W1C");
    equal(row("cause_3").cells[2].title, "software: writing 1 clears");
  },

  async "drawn names stay in their boxes"() {
    for (const path of ["hard.channels[0][0].flags", "hard.channels[0][0].control[0]", "hard.channels[0][0].small"]) {
      await open("#" + path);
      const beyond = all("section.shown .bits a").filter(link => {
        const box = link.querySelector("rect").getBoundingClientRect();
        return [...link.querySelectorAll("text:not(.a):not(.both)")].filter(visible).some(text => {
          const name = text.getBoundingClientRect();
          return name.left < box.left - 1 || name.right > box.right + 1 || name.top < box.top - 1 || name.bottom > box.bottom + 1;
        });
      });
      equal(beyond.map(link => link.querySelector("title").textContent).join(), "");
    }
  },

  async "a raw value shows in the fields"() {
    await open("#hard.channels[0][0].control[0]");
    equal(one(".decoder input").value, "0x005a0001");
    await type(one(".decoder input"), "32'h8012_0092");
    equal(row("mode").querySelector("select").selectedOptions[0].textContent, "0x2 FAST");
    equal(row("source").querySelector("select").selectedOptions[0].textContent, "0x9 LAST");
    equal([...row("source").querySelectorAll("dl.enum .now b")].map(name => name.textContent).join(), "LAST");
    equal(row("a_field_with_quite_a_long_name").querySelector("input").value, "0x12");
    equal(row("go").querySelector("input").checked, true);
    holds(!one(".decoder .wrong").textContent, one(".decoder .wrong").textContent);
    await type(one(".decoder input"), "0x700");
    holds(one(".decoder .wrong").textContent.includes("0x00000700"), "stray bits are not named");
    await type(one(".decoder input"), "0x1ffffffff");
    equal(one(".decoder input").getAttribute("aria-invalid"), "true");
    await type(one(".decoder input"), "3");
    equal(row("mode").querySelector("select").selectedOptions[0].textContent, "0x3 (no name)");
  },

  async "fields make a raw value"() {
    await open("#hard.channels[0][0].control[0]");
    await change(row("mode").querySelector("select"), "2");
    await change(row("a_field_with_quite_a_long_name").querySelector("input"), "0xff");
    await change(row("go").querySelector("input"));
    equal(one(".decoder input").value, "0x80ff0002");
    await click(all(".decoder button").find(button => button.textContent === "Reset"));
    equal(one(".decoder input").value, "0x005a0001");
  },

  async "values of wide registers are exact"() {
    await open("#hard.channels[0][0].wide=0x8000000000000000000000000000000000000000000000000000000000000001");
    equal(row("digest").querySelector("input").value, "0x8000000000000000000000000000000000000000000000000000000000000001");
  },

  async "a copied link carries element and value"() {
    await open("#hard.channels[0][7].target");
    let copied = null;
    frame.contentWindow.navigator.clipboard.writeText = text => { copied = text; return Promise.resolve(); };
    await type(one(".decoder input"), "0x3");
    await click(one(".copy"));
    equal(copied.split("#")[1], "hard.channels[0][7].target=0x03");
    equal(one("#said").textContent, "link copied");
  },

  async "the tree is walked with keys"() {
    await open("");
    const tree = one("#tree");
    equal(tree.getAttribute("role"), "tree");
    let item = tree.querySelector("[tabindex='0']");
    item.focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown"]) {
      await press(page().activeElement, key);
    }
    equal(page().activeElement.querySelector(".item a").textContent, "target");
    await press(page().activeElement, "Enter");
    equal(heading(), "hard.channels[0][0].target");
    await press(page().activeElement, "ArrowLeft");
    await press(page().activeElement, "ArrowLeft");
    equal(page().activeElement.getAttribute("aria-expanded"), "false");
  },

  async "the keyboard skips the contents"() {
    await open("#hard.identity");
    await click(one(".skip"));
    equal(page().activeElement.id, "content");
    equal(heading(), "hard.identity");
    await press(page().activeElement, "/");
    equal(page().activeElement.id, "query");
  },

  async "every control has a name"() {
    for (const path of ["#hard", "#hard.samples", "#hard.channels[0][0].control[0]"]) {
      await open(path);
      const nameless = all("button, input, select, textarea").filter(control => !control.getAttribute("aria-label")
        && !control.textContent.trim() && !control.closest("label")?.textContent.trim());
      equal(nameless.map(control => control.outerHTML).join(), "");
    }
  },

  async "nothing is wider than a phone"() {
    for (const path of ["hard", "hard.channels[2][999]", "hard.channels[2][999].control[3]", "hard.channels[0][0].flags", "hard.channels[0][0].wide",
      "hard.identity", "hard.samples", "hard.a_register_with_an_extraordinarily_long_name_that_somebody_has_chosen_after_all", "hard.far"]) {
      await open("#" + path, { width: 360 });
      const width = page().documentElement.scrollWidth;
      holds(width <= 360, `${path} is ${width} px wide`);
    }
  },

  async "the contents open over the page on a phone"() {
    await open("#hard", { width: 360 });
    equal(visible(one("#side")), false);
    await click(one("#menu"));
    equal(visible(one("#side")), true);
    equal(one("#menu").getAttribute("aria-expanded"), "true");
    await click(all("#tree li a").find(link => link.textContent === "identity"));
    equal(visible(one("#side")), false);
    equal(heading(), "hard.identity");
  },

  async "hostile texts stay texts"() {
    await open("#hard");
    holds(page().title !== "owned", "a description ran");
    equal(page().images.length, 0);
    holds(one("section.shown .desc").textContent.includes("</script><script>document.title = 'owned'</script>"), "the text is not shown");
  },

  async "everything is read without the script"() {
    await open("", { sandbox: "allow-same-origin" });
    equal(page().documentElement.className, "");
    equal(all("main section").filter(visible).length, all("main section").length);
    holds(all("section.reg").length > 8, "there are no registers");
    equal(visible(one("#query")), false);
    holds(all("figure.bits svg").every(visible), "a drawing is hidden");
  },

  async "what was looked at is put back before printing"() {
    await open("", { sandbox: "allow-same-origin" });
    const untouched = one("#b-1 > section").innerHTML;
    await open("#hard.channels[1][2]");
    holds(one("#b-1").innerHTML !== untouched, "the section does not change at all");
    frame.contentWindow.dispatchEvent(new frame.contentWindow.Event("beforeprint"));
    equal(one("#b-1").innerHTML, untouched);
    equal(all("main noscript").length, 0);
    frame.contentWindow.dispatchEvent(new frame.contentWindow.Event("afterprint"));
    equal(heading(), "hard.channels[1][2]");
  },
};

async function run() {
  for (const [name, scenario] of Object.entries(scenarios)) {
    try {
      await scenario();
      report.textContent += `passed\t${name}\n`;
    } catch (failure) {
      report.textContent += `failed\t${name}\t${failure.message}\n`;
    }
  }
  report.textContent += "finished\n";
  frame.remove();
}

run();
