"""What Schemathesis cannot know of Stead: why a request that fits its schema may be refused.

Its own check wants every such request accepted. But JSON Schema cannot say that a record must be
there, that two parameters exclude each other, or that a text is an expression. So this check looks
at what a refusal names, fault by fault: each must be of a kind that is listed here with its reason.
"""

import re

import schemathesis

# Faults whose code says that the data was well formed.
STATE = {
    "NO_SUCH_RECORD",  # a relation of a random id
    "TAKEN",  # a unique value that an earlier request has used
    "RESTRICTED",  # a relation is in the way
    "STALE",  # another version was expected
    "TOO_SMALL",  # a number that is sent as a text, of whose digits no pattern tells how many
    "TOO_LARGE",  # likewise
}

# Faults of these names, whatever the code.
NAMES = re.compile(
    "|".join(
        [
            r"filter|having|rule",  # expressions, which have a grammar of their own
            r"record.*",  # a record of any collection
            r"cursor",  # sealed, so that none can be invented; and not beside `page`
            r"page|pageSize|limit|per_page",  # mean the same, so that one is given alone
            r"sort|sortBy|sortOrder",  # likewise; and an aggregate sorts by what it selects
            r"deletedAt.*",  # with `trashed` alone
            r"fields|group|select",  # likewise, of `deletedAt`; and `author.name` goes with `expand=author`
            r"expand",  # not beside `at`
            r"search",  # needs a word, and has at most 32
            r"mode|on",  # of an import: both or none
            r"via",  # a body may name another parent than the path
            r"collection|as",  # a collection or a user that there has to be
            r"permissions\[\d+\]|roles.*",  # a collection or a role that there has to be
            r"operations\[\d+\].*",  # a batch may be of any collection, so its bodies are any object
            r"version|If-Match",  # both given, and not the same
        ]
    ),
    re.DOTALL,
)

# Refusals that tell no field.
CODES = {
    "PRECONDITION_FAILED",  # a random If-Match
    "UNPROCESSABLE",  # bounds of a request, and what Stead itself needs: the role `admin`, its last user
}


# A number may have any exponent, as JSON has it, and no keyword tells how fine it is then: a whole
# number may be written `10e-1`, but not `1e-1`.
TOO_FINE = re.compile(r"Must be a whole number|Must have at most \d+ digits? behind the point")


# A body under a path may name another parent than the path.
ANOTHER_PARENT = "Is another record than the one in the path"


def is_known(issue):
    if issue["message"] == ANOTHER_PARENT:
        return True
    is_too_fine = issue["code"] == "INVALID_FORMAT" and TOO_FINE.fullmatch(issue["message"])
    return issue["code"] in STATE or NAMES.fullmatch(issue["field"]) or is_too_fine


@schemathesis.check
def good_data_is_accepted(ctx, response, case):
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code < 400:
        return
    if response.status_code in (401, 403, 404, 409) or response.status_code >= 500:
        return
    if case.operation.path.endswith("/import"):
        return  # a file has a form that no schema tells
    error = response.json()["error"]
    issues = error.get("issues", [])
    if error["code"] in CODES or (issues and all(is_known(issue) for issue in issues)):
        return
    raise AssertionError(f"What fits its schema was refused: {error}")
