/* Check my devices: reads combinations, asks for the shards of their models and matches here.
 * Nothing that was typed is sent; only names of shards are. */
"use strict";

(() => {
  const place = document.getElementById("check");
  if (!place) return;

  const SITE = new URL(".", document.currentScript.src);
  const LEVEL = place.dataset.level;
  const DIGITS = Number(place.dataset.digits);
  const IS_HIDDEN = "hidden" in place.dataset;
  const NOT_SHOWN = "-";
  const MOST_LINES = 50000;
  const MOST_OCTETS = 20_000_000;
  const AT_ONCE = 200;
  const PATIENCE = 30;
  const LONG_PASTE = 10_000;
  const NUMBER_HINT =
    "looks like a number that a spreadsheet made of a text; keep the column as text and try again";

  /* ---- What was given: lines {where, text} ---- */

  const COLUMNS = {
    combination: "combination", dmc: "combination", devicemodelcombination: "combination",
    type: "type", devicetype: "type",
    manufacturer: "manufacturer", devicemanufacturer: "manufacturer",
    model: "model", devicemodel: "model",
    firmware: "firmware", firmwareversion: "firmware", devicefirmwareversion: "firmware",
    region: "region", cspregion: "region",
    premises: "premises",
  };

  function linesOf(text) {
    const plain = text.replace(/^\ufeff/, "");
    const table = tableOf(plain);
    if (table) return table;
    return plain.split(/\r\n|\n|\r/)
      .map((line, index) => [line.trim(), index + 1])
      .filter(([line]) => line && !line.startsWith("#"))
      .map(([line, number]) => ({ where: `line ${number}`, text: bare(line) }));
  }

  /* Quotes and the apostrophe by which a spreadsheet is told that a cell is text are no part. */
  const bare = (cell) => cell.trim().replace(/^"(.*)"$/, "$1").replace(/^'/, "");

  function read(text) {
    try {
      return { combination: dmc.parse(text) };
    } catch (error) {
      if (!(error instanceof dmc.NotationError)) throw error;
      const number = /[0-9][.,]?[0-9]*E\+[0-9]+/i.exec(text);
      const hint = number ? `${number[0]} ${NUMBER_HINT}` : error.hint;
      return { problem: `At column ${error.column}: ${error.message}; ${hint}.` };
    }
  }

  /* The lines of a table whose first row names columns that are known; else null. */
  function tableOf(text) {
    const first = text.split(/\r\n|\n|\r/, 1)[0];
    const separator = ["\t", ";", ","].find((each) => first.includes(each)) ?? "\u0000";
    const heading = cellsOf(first, separator)[0] ?? [];
    const names = heading.map((name) =>
      COLUMNS[name.toLowerCase().replace(/[^a-z]/g, "")] ?? "");
    const isByDevice = ["type", "manufacturer", "model"].every((name) => names.includes(name));
    if (!names.includes("combination") && !isByDevice) return null;
    const rows = cellsOf(text, separator).slice(1).map((cells, index) => {
      const row = { where: `row ${index + 2}` };
      names.forEach((name, column) => {
        if (name) row[name] = bare(cells[column] ?? "");
      });
      return row;
    }).filter((row) => Object.keys(row).some((name) => name !== "where" && row[name]));
    if (names.includes("combination")) {
      return rows.map((row) => ({ where: row.where, text: row.combination }));
    }
    return [...groupsOf(rows)].map(([where, group]) => ({ where, text: textOf(group) }));
  }

  /* Rows of cells; a cell between quotes may hold separators and line breaks (RFC 4180). */
  function cellsOf(text, separator) {
    const rows = [];
    let row = [];
    let cell = "";
    let isQuoted = false;
    const endRow = () => {
      row.push(cell);
      rows.push(row);
      [row, cell] = [[], ""];
    };
    for (let index = 0; index < text.length; index += 1) {
      const character = text[index];
      if (isQuoted && character === '"' && text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else if (character === '"' && (isQuoted || !cell)) {
        isQuoted = !isQuoted;
      } else if (isQuoted) {
        cell += character;
      } else if (character === separator) {
        row.push(cell);
        cell = "";
      } else if (character === "\n" || character === "\r") {
        if (character === "\r" && text[index + 1] === "\n") index += 1;
        endRow();
      } else {
        cell += character;
      }
    }
    if (cell || row.length) endRow();
    return rows;
  }

  function groupsOf(rows) {
    const groups = new Map();
    for (const row of rows) {
      const where = row.premises ? `premises ${row.premises}` : row.where;
      if (!groups.has(where)) groups.set(where, []);
      groups.get(where).push(row);
    }
    return groups;
  }

  function textOf(rows) {
    const regions = [...new Set(rows.map((row) => row.region).filter((region) => region))];
    const devices = rows.map((row) => {
      const product = [row.type, row.manufacturer, row.model].map(dmc.escape);
      const text = `${product[0]}:${product[1]}/${product[2]}`;
      return row.firmware ? `${text}@${firmwareText(row.firmware)}` : text;
    });
    return devices.join(" + ") + (regions.length ? ` in ${regions.join(",")}` : "");
  }

  /* Patterns may be given as in the notation; anything else is one version. */
  const firmwareText = (typed) =>
    (/^[A-Za-z0-9._%*, -]+$/.test(typed) ? typed : dmc.escape(typed));

  /* ---- Shards: the entries of at least 16 models each ---- */

  const shards = new Map();
  const entries = new Map();
  const byModel = new Map();

  function shardOf(product) {
    const beginning = Number.parseInt(dmc.sha256(product).slice(0, 8), 16);
    return beginning.toString(2).padStart(32, "0").slice(0, DIGITS) || "any";
  }

  function load(shard) {
    if (!shards.has(shard)) {
      const loading = fetchShard(shard);
      loading.catch(() => shards.delete(shard));
      shards.set(shard, loading);
    }
    return shards.get(shard);
  }

  async function fetchShard(shard) {
    const answer = await fetch(new URL(`check/${shard}.json`, SITE), { redirect: "error" });
    if (!answer.ok) throw new Error(`the site answered ${answer.status}`);
    for (const entry of (await answer.json()).entries) keep(entry);
  }

  function keep(entry) {
    if (entries.has(entry.id)) return;
    entry.combinations = entry.affected.map((text) => dmc.parse(text));
    entries.set(entry.id, entry);
    for (const combination of entry.combinations) {
      for (const { product } of combination.devices) {
        if (!byModel.has(product)) byModel.set(product, new Set());
        byModel.get(product).add(entry);
      }
    }
  }

  /* ---- Judgement of one combination ---- */

  const isHub = (device) => device.type === "CHF" || device.type === "GPF";
  const kindOf = (device) => (isHub(device) ? "Communications Hub" : device.type);
  const ORDER = { yes: 0, possibly: 1, "in-part": 2 };
  const ENDINGS = ["fix", "workaround", "accommodation"];

  /* Whether a value looks like what a spreadsheet made of an identifier: 20120, 2.00E+05. */
  function isEaten(value, digits, type) {
    if (value.length === digits && dmc.isHexadecimal(value)) return false;
    if (/^[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+$/i.test(value)) return true;
    if (type === "IHD" || type === "CAD") return false; // Type 2 Devices use identifiers freely
    return (/^[0-9]+$/.test(value) && value.length < digits) || /^[0-9]+[.,]0+$/.test(value);
  }

  function eatenFirmware(device) {
    const eaten = device.patterns.find((pattern) =>
      pattern.kind === "exact" && isEaten(pattern.version, dmc.DIGITS.firmware, device.type));
    return eaten?.version;
  }

  const eatenModel = (device) =>
    ["manufacturer", "model"].map((field) => device[field]).find((value, index) =>
      isEaten(value, index ? dmc.DIGITS.model : dmc.DIGITS.manufacturer, device.type));

  /* What can be asked of the combination, and notes on what of it cannot. */
  function asked(combination) {
    const devices = [];
    const notes = [];
    for (const device of combination.devices) {
      const version = eatenFirmware(device);
      const model = eatenModel(device);
      if (model) notes.push(`${device.text} could not be judged: ${model} ${NUMBER_HINT}.`);
      if (version) {
        notes.push(
          `The firmware of ${device.text} could not be judged: ${version} ${NUMBER_HINT}.`);
      }
      if (LEVEL === "dmc-firmware" && !version && !hasVersion(device)) {
        notes.push(`${device.text} could not be judged: by this register’s policy its firmware ` +
          "version is needed.");
      }
      if (LEVEL !== "dmc-firmware" || (!version && hasVersion(device))) {
        devices.push(askedDevice(device, version ? [] : device.patterns));
      }
    }
    return { combination: dmc.combination(devices, combination.regions), notes };
  }

  const hasVersion = (device) => device.patterns.length > 0 &&
    device.patterns.every((pattern) => pattern.kind === "exact");

  const askedDevice = (device, patterns) => dmc.device(
    device.type, IS_HIDDEN ? NOT_SHOWN : device.manufacturer, device.model, patterns);

  const productsOf = (combination) =>
    dmc.withWholeHub(combination.devices).map((device) => device.product);

  function judged(group) {
    if (group.problem) return { ...group, outcome: "unjudged", notes: [group.problem], found: [] };
    const { combination, notes } = group.asked;
    const candidates = new Set(
      productsOf(combination).flatMap((product) => [...(byModel.get(product) ?? [])]));
    const found = [...candidates].map((entry) => answerOf(entry, combination))
      .filter((answer) => answer).sort(fixesFirst);
    const missing = missingNotes(group.combination);
    const outcome = found.length ? "known"
      : notes.length ? "unjudged" : missing.length ? "partial" : "none";
    return { ...group, outcome, notes: [...notes, ...missing], found };
  }

  function missingNotes(combination) {
    const hubs = combination.devices.filter(isHub).length;
    if (hubs && hubs < combination.devices.length) return [];
    const what = hubs ? "only a Communications Hub was given" : "no Communications Hub was given";
    const consequence = LEVEL === "model"
      ? "entries about more Devices together say which others they are about"
      : "entries about more Devices together are shown only where all of them are given";
    return [`Judged in part: ${what}; ${consequence}.`];
  }

  /* How an entry applies, at its best combination; null where it does not. */
  function answerOf(entry, combination) {
    return entry.combinations
      .map((affected) => applies(affected, combination))
      .filter((answer) => answer)
      .map((answer) => ({ ...answer, entry }))
      .sort((one, other) => ORDER[one.answer] - ORDER[other.answer])[0] ?? null;
  }

  function applies(affected, combination) {
    const answer = dmc.covers(affected, combination);
    if (answer === "yes" && !IS_HIDDEN) return { answer, affected, because: [] };
    if (answer !== "no") {
      return { answer: "possibly", affected, because: reasons(affected, combination) };
    }
    return LEVEL === "model" ? appliesInPart(affected, combination) : null;
  }

  function reasons(affected, combination) {
    const because = dmc.coverage(affected, combination)
      .map((row, index) => [Math.max(...row), affected.devices[index]])
      .filter(([answer]) => answer === dmc.POSSIBLY)
      .map(([, device]) => `it depends on the firmware of ${shownText(device.product)}`);
    if (dmc.regionsCover(affected.regions, combination.regions) === dmc.POSSIBLY) {
      because.push(`it is about ${affected.regions.join(", ")}`);
    }
    if (IS_HIDDEN) because.push("it may be about another manufacturer’s model");
    return because;
  }

  /* About one Device given, together with others of types of which none was given. */
  function appliesInPart(affected, combination) {
    if (dmc.regionsCover(affected.regions, combination.regions) === dmc.NO) return null;
    const given = new Set(combination.devices.map(kindOf));
    const rows = dmc.coverage(affected, combination);
    const others = affected.devices.filter((_, index) => Math.max(...rows[index]) === dmc.NO);
    if (!others.length || others.length === rows.length) return null;
    if (others.some((device) => given.has(kindOf(device)))) return null;
    const together = `together with ${others.map((each) => shownText(each.text)).join(" + ")}`;
    const because = [together, ...reasons(affected, combination)];
    return { answer: "in-part", affected, because };
  }

  const shownText = (text) =>
    (IS_HIDDEN ? text.replaceAll(`:${NOT_SHOWN}/`, ":(not shown)/") : text);

  function endingRank({ entry }) {
    const isConfirmed = entry.marks.some(([mark]) => mark === "fixed");
    const rank = ENDINGS.indexOf(entry.ending[0]?.kind);
    return isConfirmed ? -1 : rank < 0 ? ENDINGS.length : rank;
  }

  const fixesFirst = (one, other) =>
    endingRank(one) - endingRank(other) || ORDER[one.answer] - ORDER[other.answer] ||
    compared(other.entry.day, one.entry.day) || compared(one.entry.id, other.entry.id);

  const compared = (one, other) => (one < other ? -1 : Number(one > other));

  /* ---- A run over all lines ---- */

  let run = 0;
  const pause = () => new Promise((resolve) => { setTimeout(resolve); });

  async function check(lines) {
    run += 1;
    const mine = run;
    const status = document.getElementById("status");
    document.getElementById("results").hidden = false;
    document.getElementById("lines").replaceChildren();
    if (!lines.length) {
      status.textContent = "Nothing was given.";
      return;
    }
    if (lines.length > MOST_LINES) {
      status.textContent = `These are ${lines.length} lines; at most ${MOST_LINES} are checked ` +
        "at once. Nothing was checked.";
      return;
    }
    status.textContent = `Checking ${counted(lines.length, "line")}…`;
    const wanted = new Map();
    const groups = await inTurns(grouped(lines), (group) => prepared(group, wanted));
    const names = new Set(wanted.values());
    const failed = await loadAll([...names]);
    const answers = await inTurns(merged(groups), (group) => withFailure(judged(group), failed));
    if (mine === run) show(answers, lines.length, names.size);
  }

  /* What is made of each; the page stays awake meanwhile. */
  async function inTurns(items, make) {
    const made = [];
    let started = performance.now();
    for (const item of items) {
      made.push(make(item));
      if (performance.now() - started > PATIENCE) {
        await pause();
        started = performance.now();
      }
    }
    return made;
  }

  /* Lines of the same text are read and judged once. */
  function grouped(lines) {
    const groups = new Map();
    for (const { where, text } of lines) {
      if (groups.has(text)) groups.get(text).wheres.push(where);
      else groups.set(text, { text, wheres: [where] });
    }
    return [...groups.values()];
  }

  function prepared(group, wanted) {
    const line = { ...group, ...read(group.text), shards: [] };
    if (line.combination) {
      line.asked = asked(line.combination);
      line.shards = shardsOf(line.asked.combination, wanted);
    }
    return line;
  }

  /* Groups that say the same, written in different ways, are one. */
  function merged(groups) {
    const same = new Map();
    for (const group of groups) {
      const key = group.combination?.text ?? group.text;
      if (same.has(key)) same.get(key).wheres.push(...group.wheres);
      else same.set(key, group);
    }
    return [...same.values()];
  }

  function shardsOf(combination, known) {
    return productsOf(combination).map((product) => {
      if (!known.has(product)) known.set(product, shardOf(product));
      return known.get(product);
    });
  }

  async function loadAll(names) {
    const failed = new Set();
    const waiting = [...names];
    const worker = async () => {
      for (let name = waiting.pop(); name; name = waiting.pop()) {
        try {
          await load(name);
        } catch {
          failed.add(name);
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    return failed;
  }

  function withFailure(answer, failed) {
    if (!answer.shards.some((shard) => failed.has(shard))) return answer;
    const why = SITE.protocol === "file:"
      ? "Could not be judged: a page opened from a folder may not read the files beside it; " +
        "open it from a web server."
      : "Could not be judged: a file with entries could not be fetched from this site; try again.";
    return { ...answer, outcome: answer.found.length ? "known" : "unjudged",
      notes: [why, ...answer.notes] };
  }

  /* ---- Results ---- */

  const OUTCOMES = {
    known: ["Entries that apply or may apply", "with entries"],
    unjudged: ["Could not be judged", "could not be judged"],
    partial: ["Nothing known, judged in part", "judged in part, with nothing known"],
    none: ["Nothing known", "with nothing known"],
  };
  const REMINDER =
    "Not every issue is reported: that nothing is known does not mean that there is none.";

  const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  function show(answers, total, asked) {
    const sections = [];
    const counts = [];
    for (const [outcome, [title, words]] of Object.entries(OUTCOMES)) {
      const those = answers.filter((answer) => answer.outcome === outcome);
      if (!those.length) continue;
      const lines = those.reduce((sum, answer) => sum + answer.wheres.length, 0);
      counts.push(`${lines} ${words}`);
      sections.push(section(outcome, `${title}: ${counted(lines, "line")}`, those));
    }
    document.getElementById("lines").replaceChildren(...sections);
    document.getElementById("status").textContent =
      `${counted(total, "line")} checked: ${counts.join(", ")}. ${askedWords(asked)}`;
    document.getElementById("results").focus();
  }

  function askedWords(asked) {
    const unsent = "your list was not sent.";
    if (!asked) return `This page asked for nothing; ${unsent}`;
    if (!DIGITS) {
      return `This page asked for the one file that holds the entries of every model; ${unsent}`;
    }
    const hold = asked === 1 ? "holds" : "each hold";
    return `This page asked for ${counted(asked, "shard")} that ${hold} at least ` +
      `${place.dataset.least} models; ${unsent}`;
  }

  function section(outcome, title, answers) {
    const list = element("ul", { class: "entries" });
    const made = element("section", { class: `outcome ${outcome}` }, element("h3", {}, title));
    if (outcome === "none" || outcome === "partial") made.append(element("p", {}, REMINDER));
    made.append(list);
    let next = 0;
    const more = element("button", { type: "button", class: "quiet" });
    const add = () => {
      const batch = answers.slice(next, next + AT_ONCE).map(lineItem);
      next += batch.length;
      list.append(...batch);
      const left = answers.length - next;
      more.textContent = `Show ${Math.min(left, AT_ONCE)} more of ${left}`;
      if (!left) more.remove();
      return batch[0];
    };
    if (answers.length > AT_ONCE) made.append(more);
    more.addEventListener("click", () => {
      const first = add();
      first.tabIndex = -1;
      first.focus();
    });
    add();
    return made;
  }

  function lineItem(answer) {
    const shown = answer.wheres.slice(0, 10).join(", ");
    const rest = answer.wheres.length - 10;
    const item = element("li", {},
      element("p", { class: "line" }, rest > 0 ? `${shown} and ${rest} more` : shown),
      element("p", {}, element("code", { dir: "auto" }, answer.combination?.text ?? answer.text)));
    for (const note of answer.notes) item.append(element("p", { class: "note" }, note));
    if (answer.found.length) {
      const number = answer.found.length;
      item.append(
        element("p", { class: "label" }, number === 1 ? "1 entry" : `${number} entries`),
        element("ul", { class: "found" }, ...answer.found.map(entryItem)));
    }
    return item;
  }

  const ANSWERS = { yes: "Applies", possibly: "May apply", "in-part": "About it" };

  function entryItem({ entry, answer, affected, because }) {
    const link = element("a", { href: new URL(`records/${entry.id}.html`, SITE).href, dir: "auto" },
      entry.title);
    const item = element("li", { class: answer },
      element("p", { class: "title" }, link),
      element("p", { class: "line" }, element("code", {}, entry.id), " ",
        element("span", {}, entry.kind)),
      element("p", { class: "ending" }, endingWords(entry)),
      element("p", { class: "answer" }, element("strong", {}, ANSWERS[answer]),
        because.length ? `${answer === "in-part" ? " " : ": "}${because.join("; ")}` : ""),
      element("p", { class: "note" }, element("code", {}, shownText(affected.text))));
    if (entry.marks.length) {
      item.append(element("ul", { class: "marks", "aria-label": "Marks" },
        ...entry.marks.map(([mark, words]) => element("li", { class: `mark ${mark}` }, words))));
    }
    return item;
  }

  function endingWords(entry) {
    if (!entry.ending.length) {
      return "No fix, workaround or accommodation is known to this register.";
    }
    return entry.ending.map(({ word, device, firmware }) => {
      const what = [device, firmware && `firmware ${firmware}`].filter((part) => part).join(" ");
      return what ? `${word}: ${what}` : word;
    }).join("; ");
  }

  /* ---- The three ways to give combinations ---- */

  let devices = 0;

  function addDevice(type) {
    const template = document.getElementById("device");
    const row = template.content.firstElementChild.cloneNode(true);
    const select = row.querySelector("select");
    select.append(...dmc.DEVICE_TYPES.map((each) => element("option", {}, each)));
    select.value = type;
    devices += 1;
    const number = devices;
    row.querySelector("legend").textContent = `Device ${number}`;
    const remove = row.querySelector("[data-remove]");
    remove.setAttribute("aria-label", `Remove Device ${number}`);
    remove.addEventListener("click", () => {
      row.remove();
      document.getElementById("another").focus();
    });
    document.getElementById("devices").append(row);
    return row;
  }

  function fieldLines() {
    const rows = [...document.querySelectorAll("#devices .device")]
      .map((row) => Object.fromEntries([...row.querySelectorAll("[data-field]")]
        .map((field) => [field.dataset.field, field.value.trim()])))
      .filter((row) => row.manufacturer || row.model || row.firmware);
    if (!rows.length) return [];
    rows[0].region = document.getElementById("region").value;
    return [{ where: "the fields", text: textOf(rows) }];
  }

  /* Browsers take minutes to insert ten thousand lines as if they were typed. */
  function pasteWhole(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length < LONG_PASTE) return;
    event.preventDefault();
    const field = event.target;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  }

  async function checkFile(file) {
    if (!file) return;
    if (file.size > MOST_OCTETS) {
      document.getElementById("status").textContent = `${file.name} is larger than 20 MB.`;
      return;
    }
    await check(linesOf(await file.text()));
  }

  function listen() {
    const on = (id, event, act) => document.getElementById(id).addEventListener(event, act);
    on("another", "click", () => addDevice("ESME").querySelector("select").focus());
    on("by-fields", "submit", (event) => {
      event.preventDefault();
      check(fieldLines());
    });
    on("by-list", "submit", (event) => {
      event.preventDefault();
      check(linesOf(document.getElementById("list").value));
    });
    on("list", "paste", pasteWhole);
    on("by-file", "submit", (event) => event.preventDefault());
    on("file", "change", (event) => checkFile(event.target.files[0]));
    const mark = (isOver) => document.getElementById("drop").classList.toggle("over", isOver);
    on("drop", "dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    on("drop", "dragleave", () => mark(false));
    on("drop", "drop", (event) => {
      event.preventDefault();
      mark(false);
      checkFile(event.dataTransfer.files[0]);
    });
  }

  document.getElementById("region").append(
    ...dmc.REGIONS.map((region) => element("option", {}, region)));
  addDevice("CHF");
  addDevice("ESME");
  listen();
  place.hidden = false;
})();
