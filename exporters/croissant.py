"""Croissant (MLCommons): a description of an export that tools for data sets read.

``croissant.json`` beside the files of any format names each of them with its SHA-256, and for JSON
Lines the columns that hold one text or number a row::

    {"@type": "cr:RecordSet", "@id": "data/spans-train.jsonl/rows", "field": [
       {"@type": "cr:Field", "@id": "data/spans-train.jsonl/rows/text", "dataType": "sc:Text",
        "source": {"fileObject": {"@id": "data/spans-train.jsonl"},
                   "extract": {"column": "text"}}}, …]}

What is nested (spans, messages) is not described here: the module of the format is. License and
address are left out, since a release does not know them; whoever publishes it adds them.
"""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, Mapping

from exporters.lines import json_lines, write_text
from labels.gold import GoldRelease

CROISSANT = "croissant.json"

_TYPES: dict[type, str] = {str: "sc:Text", int: "sc:Integer", float: "sc:Float"}
_MEDIA = {".jsonl": "application/jsonlines", ".json": "application/json", ".txt": "text/plain",
          ".ann": "text/plain", ".conf": "text/plain", ".md": "text/markdown",
          ".html": "text/html",
          ".xml": "application/xml", ".csv": "text/csv",
          ".parquet": "application/x-parquet",
          ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform"}


def write_croissant(release: GoldRelease, title: str, hashes: Mapping[str, str],
                    folder: Path) -> None:
    """Write the description of the files of `folder`; `hashes` are their SHA-256 by path."""
    record = {
        "@context": _CONTEXT, "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": f"{release.project}, release {release.number}",
        "description": f"Gold of Chinese public documents, settled by people; {title}. Schema "
                       f"{release.schema_name} {release.schema_version} ({release.schema_hash}), "
                       f"release hash {release.hash}. What the format cannot hold is listed in "
                       "manifest.json.",
        "inLanguage": "zh", "datePublished": release.created,
        "version": f"{release.number}.0.0",
        "distribution": [
            {"@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": name,
             "encodingFormat": _MEDIA.get(Path(name).suffix, "application/octet-stream"),
             "sha256": digest} for name, digest in hashes.items()],
        "recordSet": list(_record_sets(hashes, folder))}
    write_text(folder / CROISSANT, json_lines(record, indent=1))


def _record_sets(names: Mapping[str, str], folder: Path) -> Iterator[dict[str, Any]]:
    for name in names:
        if name.endswith(".jsonl"):
            with (folder / name).open(encoding="utf-8", newline="\n") as lines:
                row: dict[str, Any] = json.loads(next(lines))
            own = f"{name}/rows"
            fields = [
                {"@type": "cr:Field", "@id": f"{own}/{column}", "name": f"{own}/{column}",
                 "dataType": _TYPES[type(value)],
                 "source": {"fileObject": {"@id": name}, "extract": {"column": column}}}
                for column, value in row.items() if type(value) in _TYPES]
            if fields:
                yield {"@type": "cr:RecordSet", "@id": own, "name": own, "field": fields}
