"""Computes again, from exported texts alone, what Rookery says about patterns and near duplicates.

Use: patterns_check.py DIRECTORY, as written by `rookery patterns export DIRECTORY`. Standard library only.
"""

import json
import math
import sys
import unicodedata
from collections import Counter

FEATURES = 1000
TOLERANCE = 1e-6


def normal_form(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", folded.casefold())


def words(text):
    found, current = [], []
    for character in normal_form(text):
        if unicodedata.category(character)[0] in "LMN":
            current.append(character)
        elif current:
            found.append("".join(current))
            current = []
    return found + (["".join(current)] if current else [])


def terms(row):
    return Counter(" ".join(row[i : i + n]) for n in (1, 2, 3) for i in range(len(row) - n + 1))


def shingles(text):
    row = words(text)
    if len(row) < 3:
        return {tuple(row)} if row else set()
    return {tuple(row[i : i + 3]) for i in range(len(row) - 2)}


def unit(vector):
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def close(what, mine, theirs):
    assert abs(mine - theirs) <= TOLERANCE, f"{what}: {mine} here, {theirs} there"


directory = sys.argv[1]
run = json.load(open(directory + "/run.json", encoding="utf-8"))
why = [json.loads(line) for line in open(directory + "/why.jsonl", encoding="utf-8")]
texts = [json.loads(line) for line in open(directory + "/texts.jsonl", encoding="utf-8")]
stop = set(open(directory + "/stop_words.txt", encoding="utf-8").read().split())
assert len(texts) == run["texts"]

counts, order = {}, []
for text in texts:
    row = [w for w in words(text["text"]) if len(w) > 1 and len(w.encode()) <= 64 and w not in stop]
    counts[text["artifact"]] = terms(row[: run["words_per_text"]])
    order.append(text["artifact"])
total, having = Counter(), Counter()
for artifact in order:
    total.update(counts[artifact])
    having.update(counts[artifact].keys())
chosen = sorted(total, key=lambda t: (-total[t], t.count(" "), t.encode()))[:FEATURES]
idf = {term: math.log((1 + len(texts)) / (1 + having[term])) + 1 for term in chosen}
vectors = {
    artifact: unit({term: n * idf[term] for term, n in counts[artifact].items() if term in idf}) for artifact in order
}

weights_checked = contributions_checked = near_checked = 0
centres = {}
for pattern in run["patterns"]:
    members = [text["artifact"] for text in texts if text["pattern"] == pattern["id"]]
    assert len(members) == pattern["members"], pattern["id"]
    centre = Counter()
    for artifact in members:
        for term, weight in vectors[artifact].items():
            centre[term] += weight
    centres[pattern["id"]] = centre = unit(centre)
    best = sorted(centre.values(), reverse=True)[: len(pattern["terms"])]
    for shown, weight in zip(pattern["terms"], best):
        close(f"{pattern['id']} {shown['term']}", centre[shown["term"]], shown["weight"])
        close(f"{pattern['id']} order", weight, shown["weight"])
        assert having[shown["term"]] == shown["texts"], shown
        weights_checked += 1
    count = min(len(members), 64)
    chosen_members = [vectors[members[i * len(members) // count]] for i in range(count)]
    pairs = [
        sum(weight * b.get(term, 0) for term, weight in a.items())
        for i, a in enumerate(chosen_members)
        for b in chosen_members[:i]
    ]
    close(f"{pattern['id']} confidence", sum(pairs) / len(pairs) if len(members) >= 3 else 0, pattern["confidence"])

for answer in why:
    vector = vectors[answer["artifact"]]
    similarities = {
        name: sum(weight * centre.get(term, 0) for term, weight in vector.items()) for name, centre in centres.items()
    }
    close("similarity", max(similarities.values()), answer["similarity"])
    close("nearest", similarities[answer["pattern"]], answer["similarity"])
    close("sum", sum(part["contribution"] for part in answer["contributions"]), answer["similarity"])
    for part in answer["contributions"]:
        assert counts[answer["artifact"]][part["term"]] == part["count"], part
        close(part["term"], vector[part["term"]], part["in_artifact"])
        close(part["term"], centres[answer["pattern"]][part["term"]], part["in_pattern"])
        close(part["term"], part["in_artifact"] * part["in_pattern"], part["contribution"])
        contributions_checked += 1

by_name = {text["artifact"]: text["text"] for text in texts}
for text in texts:
    like = text.get("like")
    if like and like["artifact"] in by_name:
        a, b = shingles(text["text"]), shingles(by_name[like["artifact"]])
        close(text["artifact"], len(a & b) / len(a | b), like["similarity"])
        near_checked += 1

print(f"{weights_checked} weights, {contributions_checked} contributions, {near_checked} near duplicates agree")
