/* Combinations of Devices: read, printed canonically and matched, as the corpus in spec/dmc asks.
 * The one global is `dmc`. */
"use strict";

const dmc = (() => {
  const DEVICE_TYPES = [
    "ESME", "GSME", "GPF", "CHF", "HCALCS", "PPMID", "IHD", "CAD", "SAPC", "ALTHAN",
  ];
  const REGIONS = [
    "North", "Central", "South", "4G North", "4G Central", "4G South", "Unknown", "SMETS1",
  ];
  const OTHER_HALF = { CHF: "GPF", GPF: "CHF" };
  const NO = 0;
  const POSSIBLY = 1;
  const YES = 2;
  const COVERAGE = ["no", "possibly", "yes"];
  const MOST = { characters: 2000, devices: 16, patterns: 64, identifier: 30, firmware: 8 };
  const DIGITS = { manufacturer: 4, model: 8, firmware: 8 };
  const EXAMPLE = "write TYPE:MANUFACTURER/MODEL, for example ESME:FF01/00010100";
  const REGIONS_HINT = `one or more of ${REGIONS.join(", ")}`;
  const HEXADECIMAL = /^[0-9A-Fa-f]+$/;
  const UNSEEN =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

  /* A text that is no combination: a sentence, what to do, and the column (from 1) of it. */
  class NotationError extends Error {
    constructor(sentence, hint, column) {
      super(sentence);
      this.name = "NotationError";
      this.hint = hint;
      this.column = column;
    }
  }

  /* Only ASCII letters: beyond them, upper case differs between versions of Unicode. */
  const upper = (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  const lengthOf = (text) => [...text].length;
  const isHexadecimal = (text) => HEXADECIMAL.test(text);
  const shown = (text) => (text.length <= 40 ? text : `${text.slice(0, 40)}...`);
  const canonical = (text, digits) =>
    text.length === digits && isHexadecimal(text) ? upper(text) : text;

  function escape(text) {
    return text.replace(/[^A-Za-z0-9._-]/gu, (character) =>
      [...new TextEncoder().encode(character)]
        .map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""));
  }

  /* Words and the columns where they begin; + and , are words of their own. */
  function readWords(text) {
    const length = lengthOf(text);
    if (length > MOST.characters) {
      throw new NotationError(
        `a combination has at most ${MOST.characters} characters, this has ${length}`,
        "split it into several entries", MOST.characters + 1);
    }
    const foreign = /[^ -~]/u.exec(text);
    if (foreign) throw notAscii(foreign[0], foreign.index + 1);
    return [...text.matchAll(/[+,]|[^ +,]+/g)].map((match) => word(match[0], match.index + 1));
  }

  function notAscii(character, column) {
    const number = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    if (UNSEEN.test(character) || /^[\ud800-\udfff]$/.test(character)) {
      return new NotationError(
        `U+${number} is a control or invisible character`,
        "remove it; only blanks separate", column);
    }
    return new NotationError(
      `U+${number} is not an ASCII character`, `write it as ${escape(character)}`, column);
  }

  const word = (text, column) => ({ text, column });
  const endOf = (piece) => piece.column + piece.text.length;
  const part = (piece, start, end) => word(piece.text.slice(start, end), piece.column + start);

  function unescape(piece) {
    refuseUnsafe(piece);
    if (!piece.text.includes("%")) return piece.text;
    const octets = [];
    for (const [found, digits] of piece.text.matchAll(/%(..)|./g)) {
      octets.push(digits ? Number.parseInt(digits, 16) : found.charCodeAt(0));
    }
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        new Uint8Array(octets));
    } catch {
      throw new NotationError(
        "the percent-encoded bytes are not UTF-8",
        "encode each character as its UTF-8 bytes: %C3%84 for U+00C4", piece.column);
    }
    if (UNSEEN.test(text)) {
      throw new NotationError(
        "it holds a control or invisible character", "an identifier has none", piece.column);
    }
    return text;
  }

  function refuseUnsafe(piece) {
    const unsafe = /[^A-Za-z0-9._%-]|%(?![0-9A-Fa-f]{2})/.exec(piece.text);
    if (!unsafe) return;
    const column = piece.column + unsafe.index;
    if (unsafe[0] === "%") {
      throw new NotationError(
        "a % without two hexadecimal digits after it", "write %25 for a percent sign", column);
    }
    throw new NotationError(
      `${unsafe[0]} may not stand here`,
      `write it as ${escape(unsafe[0])} if it belongs to the identifier`, column);
  }

  /* The groups of words between separators. */
  function between(words, separator, missing, hint) {
    const groups = [[]];
    for (const piece of words) {
      if (piece.text !== separator) groups.at(-1).push(piece);
      else if (groups.at(-1).length) groups.push([]);
      else throw new NotationError(missing, hint, piece.column);
    }
    if (!groups.at(-1).length) {
      throw new NotationError(missing, hint, words.length ? endOf(words.at(-1)) : 1);
    }
    return groups;
  }

  function unexpected(piece) {
    if (piece.text === ",") {
      return new NotationError(
        "a comma stands only between firmware versions or between regions",
        "write + between Devices, and @ before the first firmware version", piece.column);
    }
    return new NotationError(
      `${shown(piece.text)} is not expected here`,
      "write + between Devices, `in` before regions, and %20 for a blank in an identifier",
      piece.column);
  }

  /* Firmware patterns: {kind: "exact" | "prefix" | "range", …}, with the span of numbers of
   * 8 hexadecimal digits that they stand for, or null. */

  function exact(typed) {
    const version = canonical(typed, DIGITS.firmware);
    const isGbcs = version.length === DIGITS.firmware && isHexadecimal(version);
    const number = isGbcs ? Number.parseInt(version, 16) : 0;
    return {
      kind: "exact", version, span: isGbcs ? [number, number] : null,
      text: escape(version).replaceAll("..", "%2E%2E"),
    };
  }

  function prefix(typed) {
    const beginning = canonical(typed, typed.length);
    const ends = ["0", "F"].map((digit) =>
      Number.parseInt(beginning.padEnd(DIGITS.firmware, digit), 16));
    return {
      kind: "prefix", beginning, span: isHexadecimal(beginning) ? ends : null,
      text: `${escape(beginning).replaceAll("..", "%2E%2E")}*`,
    };
  }

  function range(first, last) {
    return {
      kind: "range", span: [Number.parseInt(first, 16), Number.parseInt(last, 16)],
      text: `${upper(first)}..${upper(last)}`,
    };
  }

  function takes(pattern, version) {
    if (pattern.kind === "exact") return upper(version) === upper(pattern.version);
    if (pattern.kind === "prefix") return upper(version).startsWith(upper(pattern.beginning));
    if (version.length > DIGITS.firmware || !isHexadecimal(version)) return false;
    const number = Number.parseInt(version, 16);
    return pattern.span[0] <= number && number <= pattern.span[1];
  }

  const byText = (one, other) => (one.text < other.text ? -1 : Number(one.text > other.text));

  function patternsOnce(patterns) {
    const once = new Map();
    for (const pattern of [...patterns].sort(byText)) once.set(upper(pattern.text), pattern);
    return [...once.values()].sort(byText);
  }

  function parsePattern(piece, strict) {
    if (!piece.text) {
      throw new NotationError(
        "a firmware version is missing", "write one after @, or leave the @ out", piece.column);
    }
    if (piece.text.includes("..")) return parseRange(piece, strict);
    if (piece.text.endsWith("*")) return parsePrefix(part(piece, 0, -1), strict);
    const version = unescape(piece);
    const isGbcs = version.length === DIGITS.firmware && isHexadecimal(version);
    if (lengthOf(version) > MOST.firmware || (strict && !isGbcs)) {
      throw wrongVersion(piece, strict);
    }
    return exact(version);
  }

  function parsePrefix(piece, strict) {
    const beginning = unescape(piece);
    const length = lengthOf(beginning);
    if (length < 1 || length >= MOST.firmware || (strict && !isHexadecimal(beginning))) {
      throw new NotationError(
        `a firmware prefix is 1 to ${MOST.firmware - 1} ` +
          (strict ? "hexadecimal digits before the *" : "characters before the *"),
        "for all versions leave the firmware out; for one version leave the * out", piece.column);
    }
    return prefix(beginning);
  }

  function parseRange(piece, strict) {
    const split = piece.text.indexOf("..");
    const ends = [part(piece, 0, split), part(piece, split + 2)];
    for (const end of ends) {
      if (end.text.length > MOST.firmware || !isHexadecimal(end.text)) {
        throw new NotationError(
          `each end of a firmware range is 1 to ${MOST.firmware} hexadecimal digits`,
          "for example 00030000..00030004; two dots inside a version are written %2E%2E",
          end.column);
      }
      if (strict && end.text.length !== DIGITS.firmware) throw wrongVersion(end, strict);
    }
    const made = range(ends[0].text, ends[1].text);
    if (made.span[0] > made.span[1]) {
      throw new NotationError(
        `the range ends at ${ends[1].text}, before it begins at ${ends[0].text}`,
        `write ${ends[1].text}..${ends[0].text}`, piece.column);
    }
    return made;
  }

  const wrongVersion = (piece, strict) => new NotationError(
    strict
      ? `a firmware version is ${DIGITS.firmware} hexadecimal digits, as GBCS writes it`
      : `a firmware version is 1 to ${MOST.firmware} characters`,
    "for example 00030005", piece.column);

  /* {type, manufacturer, model, patterns, product, text}; without patterns, every version. */
  function device(type, made, named, patterns) {
    const manufacturer = canonical(made, DIGITS.manufacturer);
    const model = canonical(named, DIGITS.model);
    const product = `${type}:${escape(manufacturer)}/${escape(model)}`;
    const firmware = patterns.map((pattern) => pattern.text).join(",");
    return {
      type, manufacturer, model, patterns, product: upper(product),
      text: firmware ? `${product}@${firmware}` : product,
    };
  }

  function combination(devices, regions) {
    const sorted = [...devices].sort(byText);
    const ordered = REGIONS.filter((region) => regions.includes(region));
    const text = sorted.map((each) => each.text).join(" + ");
    return {
      devices: sorted, regions: ordered,
      text: ordered.length ? `${text} in ${ordered.join(",")}` : text,
    };
  }

  /* The combination that a text writes; strict asks for identifiers as GBCS writes them. */
  function parse(text, strict = false) {
    const words = readWords(text);
    const split = endOfDevices(words);
    const made = combination(
      parseDevices(words.slice(0, split), strict), parseRegions(words.slice(split)));
    if (made.text.length > MOST.characters) {
      throw new NotationError(
        `written canonically it has more than ${MOST.characters} characters`,
        "split it into several entries", 1);
    }
    return made;
  }

  function endOfDevices(words) {
    const found = words.findIndex((piece, index) =>
      index > 0 && piece.text.toLowerCase() === "in" && !"+,".includes(words[index - 1].text));
    return found < 0 ? words.length : found;
  }

  function parseDevices(words, strict) {
    const items = between(words, "+", "a Device is missing", EXAMPLE);
    if (items.length > MOST.devices) {
      throw new NotationError(
        `a combination has at most ${MOST.devices} Devices, this has ${items.length}`,
        "split it into several entries", items[MOST.devices][0].column);
    }
    const devices = items.map((item) => parseDevice(item, strict));
    const patterns = devices.reduce((sum, each) => sum + each.patterns.length, 0);
    if (patterns > MOST.patterns) {
      throw new NotationError(
        `a combination has at most ${MOST.patterns} firmware patterns, this has ${patterns}`,
        "use a prefix or a range, or split it into several entries", 1);
    }
    return devices;
  }

  function parseDevice([first, ...rest], strict) {
    const [kind, manufacturer, model, firmware] = splitDevice(first);
    const type = upper(kind.text);
    if (!DEVICE_TYPES.includes(type)) {
      throw new NotationError(
        `${shown(kind.text)} is not a Device Type`, `one of ${DEVICE_TYPES.join(" ")}`,
        kind.column);
    }
    const made = parseIdentifier(manufacturer, "manufacturer", strict);
    const named = parseIdentifier(model, "model", strict);
    if (firmware) return device(type, made, named, parsePatterns([firmware, ...rest], strict));
    if (rest.length) throw unexpected(rest[0]);
    return device(type, made, named, []);
  }

  function splitDevice(piece) {
    const colon = piece.text.indexOf(":");
    if (colon < 0) {
      throw new NotationError(
        "a Device is written with a : after its type", EXAMPLE, piece.column);
    }
    const at = piece.text.indexOf("@", colon);
    const end = at < 0 ? piece.text.length : at;
    const slash = piece.text.indexOf("/", colon);
    if (slash < 0 || slash >= end) {
      throw new NotationError(
        "manufacturer and model are written with a / between", EXAMPLE, piece.column + colon + 1);
    }
    return [
      part(piece, 0, colon), part(piece, colon + 1, slash), part(piece, slash + 1, end),
      at < 0 ? null : part(piece, at + 1),
    ];
  }

  function parsePatterns(words, strict) {
    const hint = "write a pattern before and after each comma, for example 0001*,00030005";
    const items = between(words, ",", "a firmware version is missing", hint);
    return patternsOnce(items.map(([first, ...rest]) => {
      const pattern = parsePattern(first, strict);
      if (rest.length) throw unexpected(rest[0]);
      return pattern;
    }));
  }

  function parseIdentifier(piece, name, strict) {
    const text = unescape(piece);
    if (strict && !(text.length === DIGITS[name] && isHexadecimal(text))) {
      throw new NotationError(
        `a ${name} is ${DIGITS[name]} hexadecimal digits, as GBCS writes it`, EXAMPLE,
        piece.column);
    }
    const length = lengthOf(text);
    if (length < 1 || length > MOST.identifier) {
      throw new NotationError(
        `a ${name} is 1 to ${MOST.identifier} characters`, EXAMPLE, piece.column);
    }
    return text;
  }

  function parseRegions(words) {
    if (!words.length) return [];
    if (words.length === 1) {
      throw new NotationError("a region is missing after `in`", REGIONS_HINT, endOf(words[0]));
    }
    return between(words.slice(1), ",", "a region is missing", REGIONS_HINT).map((item) => {
      const name = item.map((piece) => piece.text).join(" ");
      const found = REGIONS.find((region) => upper(region) === upper(name));
      if (found) return found;
      throw new NotationError(`${shown(name)} is not a region`, REGIONS_HINT, item[0].column);
    });
  }

  /* With the CHF of every GPF and the GPF of every CHF: they are one Communications Hub. */
  function withWholeHub(devices) {
    const products = new Set(devices.map((each) => each.product));
    const missing = devices
      .filter((each) => each.type in OTHER_HALF)
      .map((each) =>
        device(OTHER_HALF[each.type], each.manufacturer, each.model, each.patterns))
      .filter((half) => !products.has(half.product));
    return [...devices, ...missing];
  }

  /* Whether each Device of the entry is matched by a different one of the combination. */
  function covers(entry, installed) {
    const table = coverage(entry, installed);
    return COVERAGE[Math.min(regionsCover(entry.regions, installed.regions), assign(table))];
  }

  /* A row for each Device of the entry: how far each installed one covers it. */
  function coverage(entry, installed) {
    const present = withWholeHub(installed.devices);
    return entry.devices.map((wanted) => present.map((each) =>
      wanted.product === each.product ? firmwareCovers(wanted.patterns, each.patterns) : NO));
  }

  function firmwareCovers(mine, other) {
    if (!mine.length) return YES;
    if (other.length && other.every((pattern) => includes(mine, pattern))) return YES;
    const overlap =
      !other.length || mine.some((one) => other.some((another) => meet(one, another)));
    return overlap ? POSSIBLY : NO;
  }

  function includes(mine, pattern) {
    if (pattern.kind === "exact") return mine.some((one) => takes(one, pattern.version));
    const isWithinAPrefix = pattern.kind === "prefix" &&
      mine.some((one) => one.kind === "prefix" && takes(one, pattern.beginning));
    return isWithinAPrefix ||
      isWithin(pattern.span, mine.map((one) => one.span).filter((span) => span));
  }

  function meet(one, other) {
    if (one.kind === "exact") return takes(other, one.version);
    if (other.kind === "exact") return takes(one, other.version);
    if (one.kind === "prefix" && other.kind === "prefix") {
      return takes(other, one.beginning) || takes(one, other.beginning);
    }
    if (!one.span || !other.span) return false;
    return one.span[0] <= other.span[1] && other.span[0] <= one.span[1];
  }

  function isWithin(span, spans) {
    if (!span) return false;
    let [wanted] = span;
    for (const [start, end] of spans.sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
      if (start <= wanted && wanted <= end) wanted = end + 1;
    }
    return wanted > span[1];
  }

  function regionsCover(entry, installed) {
    if (!entry.length) return YES;
    if (installed.length && installed.every((region) => entry.includes(region))) return YES;
    const overlap = !installed.length || entry.includes("Unknown") ||
      installed.includes("Unknown") || installed.some((region) => entry.includes(region));
    return overlap ? POSSIBLY : NO;
  }

  function assign(table) {
    for (const least of [YES, POSSIBLY]) {
      const rows = table.map((row) =>
        row.map((answer, place) => (answer >= least ? place : -1)).filter((place) => place >= 0));
      if (eachHasItsOwn(rows)) return least;
    }
    return NO;
  }

  /* Whether every row can be given a different one of its candidates (bipartite matching). */
  function eachHasItsOwn(candidates) {
    const given = new Map();
    const place = (row, tried) => candidates[row].some((candidate) => {
      if (tried.has(candidate)) return false;
      tried.add(candidate);
      if (given.has(candidate) && !place(given.get(candidate), tried)) return false;
      given.set(candidate, row);
      return true;
    });
    return candidates.every((_, row) => place(row, new Set()));
  }

  /* SHA-256 (FIPS 180-4) in hexadecimal: browsers lend theirs to https alone, and a register may
   * be served otherwise inside a company. */
  function primes(count) {
    const found = [];
    for (let number = 2; found.length < count; number += 1) {
      if (found.every((prime) => number % prime)) found.push(number);
    }
    return found;
  }

  const fraction = (number) => Math.floor((number - Math.floor(number)) * 2 ** 32);
  const ROUNDS = primes(64).map((prime) => fraction(Math.cbrt(prime)));
  const START = primes(8).map((prime) => fraction(Math.sqrt(prime)));
  const turned = (number, by) => (number >>> by) | (number << (32 - by));

  function padded(octets) {
    const view = new DataView(new ArrayBuffer(((octets.length + 72) >> 6) << 6));
    octets.forEach((octet, index) => view.setUint8(index, octet));
    view.setUint8(octets.length, 0x80);
    view.setUint32(view.byteLength - 4, octets.length * 8);
    return view;
  }

  function scheduled(view, offset) {
    const words = Array.from({ length: 16 }, (_, index) => view.getInt32(offset + index * 4));
    for (let index = 16; index < 64; index += 1) {
      const [two, fifteen] = [words[index - 2], words[index - 15]];
      const first = turned(fifteen, 7) ^ turned(fifteen, 18) ^ (fifteen >>> 3);
      const second = turned(two, 17) ^ turned(two, 19) ^ (two >>> 10);
      words.push((words[index - 16] + first + words[index - 7] + second) | 0);
    }
    return words;
  }

  function compressed(state, words) {
    let [a, b, c, d, e, f, g, h] = state;
    for (let index = 0; index < 64; index += 1) {
      const first = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + first + ((e & f) ^ (~e & g)) + ROUNDS[index] + words[index]) | 0;
      const second = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const two = (second + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    return [a, b, c, d, e, f, g, h].map((number, index) => (number + state[index]) | 0);
  }

  function sha256(text) {
    const view = padded(new TextEncoder().encode(text));
    let state = START;
    for (let offset = 0; offset < view.byteLength; offset += 64) {
      state = compressed(state, scheduled(view, offset));
    }
    return state.map((number) => (number >>> 0).toString(16).padStart(8, "0")).join("");
  }

  return Object.freeze({
    DEVICE_TYPES, REGIONS, DIGITS, NO, POSSIBLY, YES, NotationError,
    parse, device, combination, covers, coverage, regionsCover, withWholeHub, escape,
    isHexadecimal, sha256,
  });
})();
