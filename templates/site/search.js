"use strict";

/*
 * Finds entries by their words, from the files below search/ and records/ alone. How those are
 * written is told by the program's defectreg/publication/searching.py and postings.py.
 */

const search = (() => {
  const MOST_WORDS = 10;
  const LONGEST = 500;
  const SHORTEST_BEGINNING = 3;
  const MOST_FILES = 4;
  const MOST_ENDINGS = 20;
  const TITLE_WEIGHT = 4;
  const K1 = 1.2;
  const B = 0.75;
  const PLACES = 8;
  const TEXT_PLACE = 1 << 20;
  const FIELDS = ["kind", "region", "has-fix", "alert"];
  const DEVICE = /^(?:ESME|GSME|GPF|CHF|HCALCS|PPMID|IHD|CAD|SAPC|ALTHAN):/i;
  const PRODUCT = /^[0-9a-f]{4}\/[0-9a-f]{8}$/i;
  const PREFIX = /(?<![\p{L}\p{N}_])0[xX](?=[0-9A-Fa-f]{2,8}(?![\p{L}\p{N}_]))/gu;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
  const folder = new URL(".", document.currentScript.src);
  const reading = new Map();

  /* A file of the site, read once. */
  function read(path) {
    if (!reading.has(path)) {
      const read = fetch(new URL(path, folder)).then((answer) => {
        if (!answer.ok) {
          throw new Error(`${path}: ${answer.status}`);
        }
        return answer.json();
      });
      read.catch(() => reading.delete(path));
      reading.set(path, read);
    }
    return reading.get(path);
  }

  /* ---- the question ---- */

  const withoutPrefix = (text) => text.replace(PREFIX, "");

  const cut = (text) => wordsOf(withoutPrefix(text.normalize("NFC"))).map((each) => each.word);

  /*
   * What is asked: phrases, each a list of words one after the other; phrases that may not stand
   * there; values of filters; and sentences about what was left out.
   */
  function parsed(typed, isTyping) {
    const asked = { phrases: [], excluded: [], filters: [], notes: [], beginning: "" };
    const text = typed.slice(0, LONGEST);
    if (typed.length > LONGEST) {
      asked.notes.push(`Only the first ${LONGEST} characters of the question are read.`);
    }
    const part = /\s*(-(?!\s))?(?:([A-Za-z][A-Za-z-]*):)?(?:"([^"]*)"?|(\S+))?/gy;
    let words = 0;
    while (part.lastIndex < text.trimEnd().length) {
      const [whole, minus, field, quoted, plain] = part.exec(text);
      if (!whole) {
        break;
      }
      const value = quoted ?? plain ?? "";
      const isWords = !field;
      if (isWords) {
        words += cut(value).length;
      }
      if (words > MOST_WORDS) {
        asked.notes.push(`Only the first ${MOST_WORDS} words of the question are looked for.`);
        break;
      }
      const product = field && DEVICE.test(`${field}:`);
      if (product || PRODUCT.test(value) || /^(?:model|manufacturer)$/i.test(field ?? "")) {
        asked.notes.push("devices");
        if (product) {
          break;
        }
      } else if (field) {
        takeField(asked, field.toLowerCase(), value, Boolean(minus));
      } else {
        takeWords(asked, value, Boolean(minus));
        const isOpen = part.lastIndex === text.length && quoted === undefined && !minus;
        asked.beginning = isTyping && isOpen ? beginningOf(value) : "";
      }
    }
    if (asked.beginning) {
      asked.phrases.pop();
    }
    return asked;
  }

  function beginningOf(value) {
    const words = cut(value);
    return words.length === 1 && words[0].length >= SHORTEST_BEGINNING ? words[0] : "";
  }

  function takeWords(asked, value, isExcluded) {
    const words = cut(value);
    if (words.length) {
      asked[isExcluded ? "excluded" : "phrases"].push(words);
    }
  }

  function takeField(asked, name, value, isExcluded) {
    if (!FIELDS.includes(name)) {
      asked.notes.push(
        `“${name}:” cannot be asked here; of fields only ${FIELDS.join(", ")} can. ` +
          "A text with a colon goes into quotation marks.",
      );
    } else if (value) {
      asked.filters.push({ name, value, isExcluded });
    }
  }

  /* ---- what the files hold ---- */

  function* numbersIn(text, start = 0) {
    let number = 0;
    let shift = 1;
    for (let at = start; at < text.length; at += 1) {
      const digit = VALUES.get(text[at]);
      number += (digit & 31) * shift;
      shift *= 32;
      if (digit < 32) {
        yield number;
        number = 0;
        shift = 1;
      }
    }
  }

  function setOf(text) {
    const numbers = new Set();
    if (text[0] === "d") {
      let last = 0;
      for (const distance of numbersIn(text, 1)) {
        last += distance;
        numbers.add(last);
      }
      return numbers;
    }
    const bits = atob(text.slice(1));
    for (let at = 0; at < bits.length; at += 1) {
      for (let octet = bits.charCodeAt(at), bit = 0; octet; octet >>= 1, bit += 1) {
        if (octet & 1) {
          numbers.add(at * 8 + bit);
        }
      }
    }
    return numbers;
  }

  /*
   * Where a word or a phrase stands: `found` has for the entries in the list how often (a title
   * counts more), how many words the entry has, and the places; `members` all entries that have it;
   * `entries` how many those are; `isCut` where the list has not all of them.
   */
  function listOf([entries, written, members]) {
    const found = new Map();
    const steps = numbersIn(written);
    const next = () => steps.next().value;
    for (let number = next(), last = 0; number !== undefined; number = next()) {
      last = found.size ? last - number : number;
      const length = next();
      const counts = [next(), next()];
      const places = [];
      for (const [at, count] of counts.entries()) {
        let place = at * TEXT_PLACE;
        for (let left = Math.min(count, PLACES); left; left -= 1) {
          place += next();
          places.push(place);
        }
      }
      found.set(last, { often: TITLE_WEIGHT * counts[0] + counts[1], length, places });
    }
    const all = members ? setOf(members) : new Set(found.keys());
    return { found, members: all, entries, isCut: Boolean(members) };
  }

  const NOWHERE = { found: new Map(), members: new Set(), entries: 0, isCut: false };

  const fileName = (word) =>
    [...new TextEncoder().encode(word)]
      .map((octet) => {
        const character = String.fromCharCode(octet);
        return /[a-z0-9]/.test(character) ? character : `_${octet.toString(16).padStart(2, "0")}`;
      })
      .join("");

  const wordsIn = async (path) => (await read(path)).words;

  const aloneFile = (word) => `search/words/w-${fileName(word)}.json`;

  const beginningFile = (beginning) => `search/words/b-${fileName(beginning)}.json`;

  async function wordList(index, word) {
    let path = "";
    if (index.alone.includes(word)) {
      path = aloneFile(word);
    } else {
      const beginning = index.beginnings.find((each) => word.startsWith(each));
      path = beginning === undefined ? "" : beginningFile(beginning);
    }
    const words = path ? await wordsIn(path) : {};
    return Object.hasOwn(words, word) ? listOf(words[word]) : NOWHERE;
  }

  /* All words with a beginning as if they were one; the commonest where they are many. */
  async function beginningList(index, beginning, notes) {
    const near = (each) => each.startsWith(beginning) || beginning.startsWith(each);
    const shared = index.beginnings.filter(near);
    const alone = index.alone.filter((each) => each.startsWith(beginning));
    const paths = [
      ...alone.slice(0, MOST_FILES).map(aloneFile),
      ...shared.slice(0, MOST_FILES).map(beginningFile),
    ];
    const words = (await Promise.all(paths.map(wordsIn))).flatMap(Object.entries);
    const begun = words.filter(([word]) => word.startsWith(beginning));
    begun.sort(([first, left], [second, right]) => right[0] - left[0] || (first < second ? -1 : 1));
    const isSome = begun.length > MOST_ENDINGS || Math.max(shared.length, alone.length) > MOST_FILES;
    notes.push(
      `${isSome ? "Some of the words" : "Words"} that begin with “${beginning}” are found too; ` +
        "press Enter for the whole word alone.",
    );
    const lists = begun.slice(0, MOST_ENDINGS).map(([, list]) => listOf(list));
    lists.push(await wordList(index, beginning));
    return begun.slice(0, MOST_ENDINGS).some(([word]) => word === beginning)
      ? union(lists.slice(0, -1))
      : union(lists);
  }

  function union(lists) {
    const found = new Map();
    const members = new Set();
    for (const list of lists) {
      for (const [number, { often, length }] of list.found) {
        found.set(number, { often: often + (found.get(number)?.often ?? 0), length, places: [] });
      }
      list.members.forEach((number) => members.add(number));
    }
    return { found, members, entries: members.size, isCut: lists.some((list) => list.isCut) };
  }

  /* Where words stand one after the other. */
  function phraseList(lists) {
    const found = new Map();
    const [first, ...others] = lists;
    for (const [number, { places, length }] of first.found) {
      const beside = others.map((list) => new Set(list.found.get(number)?.places));
      const starts = places.filter((place) => beside.every((set, at) => set.has(place + at + 1)));
      if (starts.length) {
        const titles = starts.filter((place) => place < TEXT_PLACE).length;
        const often = starts.length + (TITLE_WEIGHT - 1) * titles;
        found.set(number, { often, length, places: starts });
      }
    }
    const isCut = lists.some((list) => list.isCut);
    return { found, members: new Set(found.keys()), entries: found.size, isCut };
  }

  async function phrase(index, words, notes) {
    const lists = await Promise.all(words.map((word) => wordList(index, word)));
    const kept = index.kept.toLocaleString("en-GB");
    for (const [at, list] of lists.entries()) {
      if (list.isCut) {
        notes.push(
          `“${words[at]}” stands in a great many entries: only the best ${kept} are ` +
            (lists.length > 1 ? "searched for phrases with it." : "ranked by it, the others last."),
        );
      }
    }
    return lists.length === 1 ? lists[0] : phraseList(lists);
  }

  /* ---- the answer ---- */

  /* BM25 as SQLite reckons it. What is in no list weighs as the least that is. */
  function weigh(index, list) {
    const average = index.tokens / index.entries;
    const rare = Math.log((index.entries - list.entries + 0.5) / (list.entries + 0.5));
    const worth = rare > 0 ? rare : 1e-6;
    const weights = new Map();
    let least = Infinity;
    for (const [number, { often, length }] of list.found) {
      const norm = K1 * (1 - B + (B * length) / average);
      const weight = worth * ((often * (K1 + 1)) / (often + norm));
      weights.set(number, weight);
      least = Math.min(least, weight);
    }
    return (number) => weights.get(number) ?? least;
  }

  async function filterSet(index, { name, value }, notes) {
    const wanted = name === "alert" ? value.replace(/^0x/i, "") : value;
    const known = Object.keys(index.filters[name]).find(
      (each) => each.toLowerCase() === wanted.toLowerCase(),
    );
    if (known === undefined) {
      notes.push(`No entry has ${name}: ${value}.`);
      return new Set();
    }
    const path = `search/filters/${name}-${known.toLowerCase().replaceAll(" ", "-")}.json`;
    return setOf((await read(path)).numbers);
  }

  /* For each field, what has one of its values; and what may not be. */
  async function filterSets(index, filters, notes) {
    const wanted = new Map();
    const unwanted = [];
    for (const filter of filters) {
      const numbers = await filterSet(index, filter, notes);
      if (filter.isExcluded) {
        unwanted.push(numbers);
      } else {
        wanted.set(filter.name, [...(wanted.get(filter.name) ?? []), ...numbers]);
      }
    }
    return [[...wanted.values()].map((numbers) => new Set(numbers)), unwanted];
  }

  /*
   * The numbers of the entries that answer a question, the best first, and what is to be said about
   * them. `beside` are filters that were chosen, not typed.
   */
  async function answer(typed, { beside = [], isTyping = false } = {}) {
    const index = await read("search/index.json");
    const asked = parsed(typed, isTyping);
    const notes = asked.notes;
    const lists = await Promise.all(asked.phrases.map((words) => phrase(index, words, notes)));
    if (asked.beginning) {
      lists.push(await beginningList(index, asked.beginning, notes));
    }
    const without = await Promise.all(asked.excluded.map((words) => phrase(index, words, notes)));
    const filters = [...asked.filters, ...beside];
    const [wanted, unwanted] = await filterSets(index, filters, notes);
    const allowed = [...lists.map((list) => list.members), ...wanted];
    unwanted.push(...without.map((list) => list.members));
    const isAsked = allowed.length + unwanted.length > 0;
    if (isAsked && !allowed.length) {
      allowed.push(setOf((await read("search/filters/all.json")).numbers));
    }
    allowed.sort((left, right) => left.size - right.size);
    const numbers = [...(allowed[0] ?? [])].filter(
      (number) =>
        allowed.every((set) => set.has(number)) && !unwanted.some((set) => set.has(number)),
    );
    const weights = lists.map((list) => weigh(index, list));
    const total = new Map(
      numbers.map((number) => [number, weights.reduce((sum, of) => sum + of(number), 0)]),
    );
    numbers.sort((left, right) => total.get(right) - total.get(left) || right - left);
    const phrases = [...asked.phrases, ...(asked.beginning ? [[asked.beginning]] : [])];
    const marked = { phrases, beginning: asked.beginning };
    return { numbers, marked, isAsked, notes: [...new Set(notes)] };
  }

  /* What is shown of an entry: [id, title, kind in words, marks, first and last day]. */
  async function entry(number) {
    const index = await read("search/index.json");
    const file = Math.floor(number / index.per_file);
    return (await read(`search/entries/${file}.json`)).entries[number % index.per_file];
  }

  /* ---- matching words in texts that are shown ---- */

  /* Where in a text a phrase stands, as [from, to] of each of its words. */
  function matches(text, marked) {
    const words = wordsOf(text);
    const plain = words.map(({ word }) => word.replace(/^0x(?=[0-9a-f]{2,8}$)/, ""));
    const spans = new Map();
    for (const wanted of marked.phrases) {
      const isBegun = wanted.length === 1 && wanted[0] === marked.beginning;
      const fits = (word, at) => word === wanted[at] || (isBegun && word?.startsWith(wanted[at]));
      for (let at = 0; at + wanted.length <= words.length; at += 1) {
        if (wanted.every((_, step) => fits(plain[at + step], step))) {
          wanted.forEach((_, step) => spans.set(words[at + step].start, words[at + step].end));
        }
      }
    }
    return [...spans].sort(([left], [right]) => left - right);
  }

  /* The texts of an entry in which words are found, from its file. */
  function passages(record) {
    const says = record.says ?? {};
    return [
      ...["behaviour", "expected", "circumstances"].map((key) => says[key]),
      ...["alerts", "service-requests"].map((key) => says[key]?.join(", ")),
      ...record.statements
        .filter((statement) => !statement.superseded)
        .map((statement) => statement.says.says),
    ].filter((text) => typeof text === "string" && text);
  }

  /* The passage that shows most of the words, cut to a line or two; null where none does. */
  async function snippet(id, marked) {
    const { record } = await read(`records/${encodeURIComponent(id)}.json`);
    const texts = passages(record).map((text) => text.replace(/\s+/g, " ").trim());
    let best = { text: texts[0] ?? "", spans: [] };
    let most = 0;
    for (const text of texts) {
      const spans = matches(text, marked);
      const found = new Set(spans.map(([from, to]) => text.slice(from, to).toLowerCase())).size;
      if (found > most) {
        best = { text, spans };
        most = found;
      }
    }
    return shortened(best);
  }

  function shortened({ text, spans }) {
    const first = spans[0]?.[0] ?? 0;
    let start = Math.max(0, first - 60);
    start = start && Math.min(text.indexOf(" ", start) + 1, first);
    const longest = start + 220;
    let end = text.length > longest ? text.lastIndexOf(" ", longest) : text.length;
    end = end > start ? end : longest;
    const before = start ? "… " : "";
    const moved = spans
      .filter(([, to]) => to <= end)
      .map(([from, to]) => [from - start + before.length, to - start + before.length]);
    const shown = before + text.slice(start, end) + (end < text.length ? " …" : "");
    return { text: shown, spans: moved };
  }

  return { answer, entry, matches, snippet };
})();

/* ---- the page ---- */

(() => {
  const SHOWN = 10;
  const PAUSE = 150;
  const FILTERS = ["kind", "type", "region", "has-fix", "alert"];
  const by = (id) => document.getElementById(id);
  const form = by("search");
  const typed = by("q");
  const [status, notes, results, more] = ["status", "notes", "results", "more"].map(by);
  const folder = new URL(".", document.currentScript.src);
  let turn = 0;
  let timer = 0;
  let found = null;

  function made(name, text = "", properties = {}) {
    const element = document.createElement(name);
    element.textContent = text;
    return Object.assign(element, properties);
  }

  /* Puts a text into an element, what matches as <mark>. */
  function fill(element, text, spans) {
    let place = 0;
    for (const [from, to] of spans) {
      element.append(text.slice(place, from), made("mark", text.slice(from, to)));
      place = to;
    }
    element.append(text.slice(place));
    return element;
  }

  const day = (text) =>
    new Date(`${text}T00:00:00Z`).toLocaleDateString("en-GB", {
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    });

  async function item(number, marked) {
    const [id, title, kind, marks, first, last] = await search.entry(number);
    const link = made("a", "", { href: new URL(`records/${id}.html`, folder).href, dir: "auto" });
    fill(link, title, search.matches(title, marked));
    const heading = made("h3");
    heading.append(link);
    const line = made("p", "", { className: "line" });
    line.append(made("code", id), " ", made("span", kind), " ");
    line.append(made("span", `entered ${day(first)}`));
    if (last !== first) {
      line.append(" ", made("span", `changed ${day(last)}`));
    }
    const element = made("li");
    element.append(heading, line);
    const piece = await search.snippet(id, marked).catch(() => null);
    if (piece?.text) {
      const text = made("p", "", { className: "snippet", dir: "auto" });
      element.append(fill(text, piece.text, piece.spans));
    }
    if (marks.length) {
      const list = made("ul", "", { className: "marks" });
      list.setAttribute("aria-label", "Marks");
      list.append(
        ...marks.map(([mark, words]) => made("li", words, { className: `mark ${mark}` })),
      );
      element.append(list);
    }
    return element;
  }

  function note(text) {
    const element = made("li");
    if (text === "devices") {
      const href = new URL("check.html", folder).href;
      element.append("Devices, models and manufacturers are not looked up here: ");
      element.append(made("a", "check my devices", { href }), ".");
    } else {
      element.textContent = text;
    }
    return element;
  }

  async function show(mine) {
    const from = results.childElementCount;
    const numbers = found.numbers.slice(from, from + SHOWN);
    const items = await Promise.all(numbers.map((number) => item(number, found.marked)));
    if (mine !== turn) {
      return null;
    }
    results.append(...items);
    more.hidden = results.childElementCount >= found.numbers.length;
    return items[0];
  }

  function tell() {
    const count = found.numbers.length.toLocaleString("en-GB");
    const entries = found.numbers.length === 1 ? "1 entry" : `${count} entries`;
    const nothing = "No entry is found. Fewer or other words may find one.";
    const answer = found.numbers.length ? `${entries} found.` : nothing;
    status.textContent = found.isAsked ? answer : "Type a word, or choose a filter.";
    notes.replaceChildren(...found.notes.map(note));
    notes.hidden = !found.notes.length;
  }

  const chosen = () =>
    FILTERS.map((name) => ({ name, value: form.elements[name].value })).filter(
      ({ value }) => value,
    );

  function remember() {
    const asked = new URLSearchParams();
    if (typed.value.trim()) {
      asked.set("q", typed.value.trim());
    }
    chosen().forEach(({ name, value }) => asked.set(name, value));
    const query = asked.toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  }

  async function ask(isTyping) {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    results.setAttribute("aria-busy", "true");
    remember();
    try {
      const answered = await search.answer(typed.value, { beside: chosen(), isTyping });
      if (mine !== turn) {
        return;
      }
      found = answered;
      results.replaceChildren();
      more.hidden = true;
      tell();
      await show(mine);
    } catch {
      if (mine === turn) {
        status.textContent = "The index could not be read. Try again, or browse the entries.";
      }
    }
    if (mine === turn) {
      results.setAttribute("aria-busy", "false");
    }
  }

  function askSoon() {
    clearTimeout(timer);
    results.setAttribute("aria-busy", "true");
    timer = setTimeout(() => ask(true), PAUSE);
  }

  /* The arrow keys go from the question to the results and between them. */
  function move(event) {
    const links = [typed, ...results.querySelectorAll("h3 a")];
    const at = links.indexOf(document.activeElement);
    const to = at + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at >= 0 && links[to]) {
      event.preventDefault();
      links[to].focus();
    }
  }

  function escape(event) {
    if (document.activeElement !== typed && results.contains(document.activeElement)) {
      event.preventDefault();
      typed.focus();
    } else if (document.activeElement === typed && typed.value) {
      event.preventDefault();
      typed.value = "";
      ask(false);
    }
  }

  function press(event) {
    const isTyping = /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      typed.focus();
      typed.select();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(event);
    } else if (event.key === "Escape") {
      escape(event);
    }
  }

  function start() {
    const asked = new URLSearchParams(location.search);
    typed.value = asked.get("q") ?? "";
    for (const name of FILTERS) {
      const control = form.elements[name];
      const value = asked.get(name) ?? "";
      control.value = [...control.options].some((option) => option.value === value) ? value : "";
    }
    form.hidden = false;
    by("without").hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(false);
    });
    typed.addEventListener("input", askSoon);
    FILTERS.forEach((name) => form.elements[name].addEventListener("change", () => ask(false)));
    more.addEventListener("click", async () => (await show(turn))?.querySelector("a").focus());
    document.addEventListener("keydown", press);
    ask(false);
  }

  start();
})();
