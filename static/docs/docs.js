// Shows the document of the API. Whatever the document says becomes text and nothing else: no
// markup is ever made of it.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** An element with attributes and children; texts are children as they are. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** A sentence, in which what stands between backticks is code. */
function prose(text) {
  const pieces = text.split("`");
  return make("span", {}, ...pieces.map((piece, i) => (i % 2 ? make("code", {}, piece) : piece)));
}

/** What is at a place of the document, `#/components/schemas/Post`. */
function at(whole, place) {
  const names = place.replace(/^#\//, "").split("/");
  return names.reduce((found, name) => found?.[name.replace(/~1/g, "/").replace(/~0/g, "~")], whole);
}

/** What a reference leads to, or the thing itself. */
function resolved(whole, thing) {
  return thing?.$ref ? at(whole, thing.$ref) ?? {} : thing ?? {};
}

/** The last name of a reference. */
function nameOf(reference) {
  return reference.split("/").at(-1);
}

/** A schema in a few words: its type and bounds. */
function words(schema) {
  const said = [];
  const types = [schema.type ?? (schema.enum || "const" in schema ? [] : "any")].flat();
  if (types.length) said.push(types.join(" or "));
  if (schema.enum) said.push("one of " + schema.enum.map((one) => JSON.stringify(one)).join(", "));
  if ("const" in schema) said.push("always " + JSON.stringify(schema.const));
  if (schema.format) said.push(schema.format);
  const bounds = {
    minimum: ["at least", ""], maximum: ["at most", ""],
    minLength: ["at least", " long"], maxLength: ["at most", " long"],
    minItems: ["at least", " of them"], maxItems: ["at most", " of them"],
  };
  for (const [key, [before, behind]] of Object.entries(bounds)) {
    if (key in schema) said.push(`${before} ${schema[key]}${behind}`);
  }
  if (schema.pattern) said.push(`like ${schema.pattern}`);
  if ("default" in schema) said.push(`${JSON.stringify(schema.default)} by default`);
  return said.join(", ");
}

/** A schema, with its members; one that has a name is a link to where it is described. */
function shown(whole, schema) {
  if (schema === true || schema === undefined) return make("span", { class: "type" }, "any");
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return make("a", { href: `#schema-${name}`, class: "type" }, name);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  const box = make("span", {});
  if (choices && choices.every((choice) => !choice.format || choice.type)) {
    box.append(make("span", { class: "type" }, "one of"));
    box.append(make("ul", { class: "members" },
      ...choices.map((choice) => make("li", {}, shown(whole, choice)))));
  } else {
    box.append(make("span", { class: "type" }, words(schema)));
  }
  if (schema.description) box.append(" ", make("span", { class: "dim" }, prose(schema.description)));
  if (schema.allOf) box.append(" and ", ...schema.allOf.map((one) => shown(whole, one)));
  if (schema.items) box.append(" of ", shown(whole, schema.items));
  if (schema.properties) box.append(members(whole, schema));
  return box;
}

/** The members of an object. */
function members(whole, schema) {
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties).map(([name, member]) => make("li", {},
    make("code", {}, name), required.has(name) ? " " : make("span", { class: "dim" }, "? "),
    shown(whole, member)));
  return make("ul", { class: "members" }, ...lines);
}

/** The parameters of an operation and of its path. */
function parameters(whole, item, operation) {
  const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
  if (!all.length) return undefined;
  const rows = all.map((one) => resolved(whole, one)).map((one) => make("tr", {},
    make("th", { scope: "row" }, make("code", {}, one.name),
      one.required ? "" : make("span", { class: "dim" }, "?")),
    make("td", { class: "dim" }, one.in),
    make("td", {}, shown(whole, one.schema), one.description ? " " : "", one.description ? prose(one.description) : "")));
  return make("section", {}, make("h3", {}, "Parameters"), make("table", {}, ...rows));
}

/** The body of a request. */
function body(whole, operation) {
  if (!operation.requestBody) return undefined;
  const schema = operation.requestBody.content["application/json"].schema;
  return make("section", {}, make("h3", {}, "Body"), shown(whole, schema));
}

/** An answer that went well, or an error. */
function answer(whole, status, found) {
  const response = resolved(whole, found);
  const content = response.content?.["application/json"]?.schema;
  const data = content?.properties?.data ?? (content?.properties?.error ? undefined : content);
  const headers = Object.keys(response.headers ?? {}).filter((name) => !/^x-/i.test(name));
  return make("tr", {},
    make("th", { scope: "row" }, status),
    make("td", {}, data ? shown(whole, data) : response.description,
      headers.length ? make("div", { class: "dim" }, `Headers: ${headers.join(", ")}`) : undefined));
}

/** Who may call an operation. */
function callers(operation) {
  const kinds = operation.security ?? [];
  if (!kinds.length) return "For anybody.";
  return kinds.some((kind) => !Object.keys(kind).length)
    ? "For whoever is signed in, and for guests as far as rules let them."
    : "For whoever is signed in.";
}

/** An operation, which is filled in when it is opened: there may be thousands. */
function operation(whole, path, method, item) {
  const found = item[method];
  const head = make("summary", {},
    make("span", { class: `method method-${method}` }, method),
    make("span", { class: "path" }, path), " ", make("span", { class: "dim" }, found.summary));
  const box = make("details", { id: found.operationId }, head);
  box.dataset.words = `${method} ${path} ${found.operationId} ${found.summary}`.toLowerCase();
  whenOpened(box, () => {
    const answers = Object.entries(found.responses).map(([status, one]) => answer(whole, status, one));
    return [
      found.description ? make("p", {}, found.description) : undefined,
      make("p", { class: "dim" }, `${callers(found)} `, make("code", {}, found.operationId)),
      parameters(whole, item, found), body(whole, found),
      make("section", {}, make("h3", {}, "Answers"), make("table", {}, ...answers)),
    ];
  });
  return box;
}

function whenOpened(box, fill) {
  const open = () => box.append(...fill().filter((child) => child !== undefined));
  box.addEventListener("toggle", open, { once: true });
}

/** All operations, by their tags. */
function operations(whole) {
  const sections = (whole.tags ?? []).map(({ name }) => {
    const boxes = Object.entries(whole.paths).flatMap(([path, item]) => METHODS
      .filter((method) => item[method]?.tags?.includes(name))
      .map((method) => operation(whole, path, method, item)));
    return make("section", {}, make("h2", {}, name), ...boxes);
  });
  return sections.filter((section) => section.children.length > 1);
}

/** All schemas that have a name. */
function schemas(whole) {
  const boxes = Object.entries(whole.components?.schemas ?? {}).map(([name, schema]) => {
    const box = make("details", { id: `schema-${name}` }, make("summary", {}, make("code", {}, name)));
    box.dataset.words = name.toLowerCase();
    whenOpened(box, () => [shown(whole, schema)]);
    return box;
  });
  return [make("h2", {}, "Schemas"), ...boxes];
}

/** Hides what has none of the words that are looked for. */
function find(text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const box of document.querySelectorAll("details[data-words]")) {
    box.hidden = !wanted.every((word) => box.dataset.words.includes(word));
  }
  for (const section of document.querySelectorAll("main > section, #schemas")) {
    section.hidden = !section.querySelector("details[data-words]:not([hidden])");
  }
}

/** Opens what the address names. */
function follow() {
  const box = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (box instanceof HTMLDetailsElement) {
    box.open = true;
    box.scrollIntoView();
  }
}

async function start() {
  const state = document.getElementById("state");
  const response = await fetch("openapi.json", { credentials: "same-origin" });
  if (!response.ok) {
    const said = await response.json().catch(() => ({}));
    state.textContent = said.error?.message ?? `The document cannot be had (${response.status}).`;
    return;
  }
  const whole = await response.json();
  document.getElementById("title").textContent = `${whole.info.title} ${whole.info.version}`;
  document.getElementById("about").append(prose(whole.info.description));
  document.getElementById("operations").append(...operations(whole));
  document.getElementById("schemas").append(...schemas(whole));
  document.getElementById("find").addEventListener("input", (event) => find(event.target.value));
  window.addEventListener("hashchange", follow);
  state.hidden = true;
  follow();
}

start().catch((error) => {
  document.getElementById("state").textContent = `The document cannot be shown: ${error.message}`;
});
