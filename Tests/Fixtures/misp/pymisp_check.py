#!/usr/bin/env python3
"""Loads what Warnbell wrote with PyMISP. Exit 0 = fine; prints one line per fault.

    pymisp_check.py event FILE...      events as they are sent to a server
    pymisp_check.py feed DIRECTORY     a feed, compared with the one PyMISP makes of the same events
"""
import json
import logging
import os
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import pymisp
from pymisp import MISPEvent

RELATIONSHIPS = {
    value["name"]
    for value in json.loads(
        (Path(pymisp.__file__).parent / "data/misp-objects/relationships/definition.json").read_text())["values"]
}
ATTRIBUTE_KEYS = ("uuid", "type", "category", "value", "comment", "to_ids", "disable_correlation")


def load(path):
    event = MISPEvent()
    event.load_file(path)
    return event


def attributes(event):
    found = list(event.get("Attribute", []))
    for item in event.get("Object", []):
        found += item["Attribute"]
    return {a["uuid"]: a for a in found}


def check_event(path):
    raw = json.load(open(path))["Event"]
    event = load(path)
    loaded = {a.uuid: a for a in event.attributes}
    loaded.update({a.uuid: a for o in event.objects for a in o.attributes})
    for uuid, attribute in attributes(raw).items():
        if uuid not in loaded:
            yield "attribute %s is lost" % uuid
        elif loaded[uuid].value != attribute["value"] and attribute["type"] != "datetime":
            yield "attribute %s became %r" % (uuid, loaded[uuid].value)
        elif "first_seen" in attribute and not loaded[uuid].get("first_seen"):
            yield "attribute %s lost first_seen %r" % (uuid, attribute["first_seen"])
    if [t.name for t in event.tags] != [t["name"] for t in raw["Tag"]]:
        yield "tags became %r" % [t.name for t in event.tags]
    if [r.uuid for r in event.event_reports] != [r["uuid"] for r in raw["EventReport"]]:
        yield "reports are lost"
    references = [r for o in raw["Object"] for r in o.get("ObjectReference", [])]
    if [r["uuid"] for r in references] != [r.uuid for o in event.objects for r in o.references]:
        yield "references are lost"
    for reference in references:
        if reference["referenced_uuid"] not in loaded:
            yield "reference %s points to nothing" % reference["uuid"]
        if reference["relationship_type"] not in RELATIONSHIPS:
            yield "reference %s: MISP knows no %r" % (reference["uuid"], reference["relationship_type"])
    sightings = [s for a in raw["Attribute"] for s in a.get("Sighting", [])]
    if len(sightings) != sum(len(a.sightings) for a in event.attributes):
        yield "sightings are lost"


def check_feed(directory):
    manifest = json.load(open(os.path.join(directory, "manifest.json")))
    lines = set(open(os.path.join(directory, "hashes.csv")).read().split("\n")[:-1])
    for uuid, entry in manifest.items():
        path = os.path.join(directory, uuid + ".json")
        raw = json.load(open(path))["Event"]
        feed = load(path).to_feed(with_meta=True)["Event"]
        ours, theirs = attributes(raw), attributes(feed)
        if set(ours) != set(theirs):
            yield "%s: attributes differ" % uuid
        for key in ours:
            for name in ATTRIBUTE_KEYS:
                if ours[key][name] != theirs.get(key, {}).get(name):
                    yield "%s: %s of attribute %s is %r, PyMISP says %r" % (
                        uuid, name, key, ours[key][name], theirs.get(key, {}).get(name))
            unknown = set(ours[key]) - set(theirs.get(key, {}))
            if unknown:
                yield "%s: attribute %s has more than a feed's: %s" % (uuid, key, sorted(unknown))
        unknown = set(raw) - set(feed) - {"distribution", "Object"}
        if unknown:
            yield "%s: has more than a feed's event: %s" % (uuid, sorted(unknown))
        if [r["content"] for r in raw["EventReport"]] != [r["content"] for r in feed["EventReport"]]:
            yield "%s: reports differ" % uuid
        wanted = {"%s,%s" % (h, uuid) for h in feed["_hashes"]}
        if not wanted <= lines:
            yield "%s: hashes.csv lacks %s" % (uuid, sorted(wanted - lines))
        lines -= wanted
        theirs = feed["_manifest"][uuid]
        for name in ("Orgc", "info", "date", "analysis", "threat_level_id", "timestamp"):
            same = entry[name] == theirs[name]
            if not same and name in ("analysis", "threat_level_id", "timestamp"):
                same = entry[name] == int(theirs[name])
            if not same:
                yield "%s: manifest has %s %r, PyMISP says %r" % (uuid, name, entry[name], theirs[name])
        if [t["name"] for t in entry["Tag"]] != [t["name"] for t in theirs["Tag"]]:
            yield "%s: manifest has other tags" % uuid
        if raw["timestamp"] != str(entry["timestamp"]):
            yield "%s: the times of file and manifest differ" % uuid
    for line in sorted(lines):
        yield "hashes.csv has more: %s" % line


if __name__ == "__main__":
    faults = 0
    for argument in sys.argv[2:]:
        for fault in (check_feed if sys.argv[1] == "feed" else check_event)(argument):
            print("%s: %s" % (argument, fault))
            faults = 1
    sys.exit(faults)
