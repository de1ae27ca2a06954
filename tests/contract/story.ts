// The story of README, told by a client whose types come from the contract: `contract.d.ts` is made
// by openapi-typescript from a running instance. What the contract says wrongly does not compile.

import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

declare const process: { env: Record<string, string | undefined> };

type Note = components["schemas"]["Note"];

const { STEAD: baseUrl = "", EMAIL: email = "", PASSWORD: password = "" } = process.env;
// Lists of words are separated by commas.
const client = createClient<paths>({ baseUrl, querySerializer: { array: { style: "form", explode: false } } });

/** The data of an answer; a refusal ends the story. */
function dataOf<T>(answer: { data?: { data: T }; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.url}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data.data;
}

function expect(holds: boolean, what: string): asserts holds {
  if (!holds) {
    throw new Error(`expected: ${what}`);
  }
}

// Sign in, as programs do that are no browsers.
const signedIn = dataOf(
  await client.POST("/api/auth/login", { body: { email, password, delivery: "body" } }),
);
expect("accessToken" in signedIn && signedIn.accessToken !== undefined, "a token");
const token = signedIn.accessToken;
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

// Describe a collection.
dataOf(
  await client.POST("/api/system/collections", {
    body: {
      name: "notes",
      fields: [
        { name: "title", type: "text", required: true },
        { name: "is_pinned", type: "boolean", default: false },
        { name: "views", type: "integer", default: 0 },
      ],
    },
  }),
);

// Make a record; keep its tag.
const created = await client.POST("/api/v1/notes", { body: { title: "Buy milk" } });
const made = dataOf(created);
expect(!("items" in made), "one record");
const note: Note = made;
const tag = created.response.headers.get("ETag") ?? "";
expect(note.title === "Buy milk" && note.isPinned === false, "the record with its defaults");

// Two more at once.
const more = dataOf(await client.POST("/api/v1/notes", { body: [{ title: "A" }, { title: "B" }] }));
expect("items" in more && more.items.length === 2, "two records");

// List.
const page = dataOf(
  await client.GET("/api/v1/notes", {
    params: { query: { isPinned: false, sort: ["-createdAt", "title"], pageSize: 5, filter: 'title.startsWith("Buy")' } },
  }),
);
expect(page.items.length === 1 && page.items[0]?.id === note.id, "the record in the list");
expect(page.pagination.totalItems === 1, "one in all");

// Change it, unless somebody else has in the meantime (412). Numbers can be added to.
const one = { path: { id: note.id }, header: { "If-Match": tag } };
const changed = dataOf(
  await client.PATCH("/api/v1/notes/{id}", {
    params: one,
    body: { isPinned: true, views: { $inc: 1 } },
  }),
);
expect(changed.isPinned === true && changed.views === 1 && changed.version === 2, "the change");
const late = await client.PATCH("/api/v1/notes/{id}", { params: one, body: { title: "Late" } });
expect(late.error?.error.code === "PRECONDITION_FAILED", "412 for the second of two writers");

// What is no value of its field is refused by name. The compiler would not let it pass.
const wrong = { title: 1 } as unknown as { title: string };
const refused = await client.POST("/api/v1/notes", { body: wrong });
expect(refused.error?.error.details?.["title"] !== undefined, "a fault of the title");

// Delete it, and the others by what they have in common.
const deleted = await client.DELETE("/api/v1/notes/{id}", { params: { path: { id: note.id } } });
expect(deleted.response.status === 204, "204");
const rest = dataOf(
  await client.DELETE("/api/v1/notes", { params: { query: { isPinned: false, expect: 2 } } }),
);
expect(rest.changed === 2, "two deleted");
const gone = await client.GET("/api/v1/notes/{id}", { params: { path: { id: note.id } } });
expect(gone.error?.error.code === "NOT_FOUND", "404 for what is deleted");

// Sign out: the session ends on the server.
await client.POST("/api/auth/logout");
const after = await client.GET("/api/v1/notes");
expect(after.response.status === 401, "401 when signed out");
