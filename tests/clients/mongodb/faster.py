"""What Mongoeco spends most of its time with when calls are kept in it, done with less. What is asked and what is answered stay as
they are: each function here does the frequent cases by hand, and leaves the others to the one whose place it takes.
"""
import copy
import datetime
import sys
import uuid

import bson
from mongoeco._types._bson_objectid import ObjectId
from mongoeco.core.bson_scalars import BsonDouble, BsonInt32 as Int32, BsonInt64 as Int64, normalize_utc_bson_datetime
from mongoeco.core.codec import DocumentCodec
from mongoeco.core.filtering import QueryEngine
from mongoeco.engines.memory import MemoryEngine

OBJECT_IDS = (ObjectId, bson.ObjectId)
# Nobody can change them, and clients get them as they are.
PLAIN = {bool, bytes, datetime.datetime, float, int, str, type(None), uuid.UUID, bson.Int64, *OBJECT_IDS}
ATOMS = {*PLAIN, Int32, Int64, BsonDouble}

deepcopy = copy.deepcopy
encode = DocumentCodec.encode
to_public = DocumentCodec._to_public_copy_on_write
candidate_items = MemoryEngine._candidate_items_for_plan_locked
in_item_matches = QueryEngine._in_item_matches_candidate


def copied(value, memo=None):
    """A copy that shares nothing that could be changed."""
    kind = type(value)
    if kind is dict:
        return {key: part if type(part) in ATOMS else copied(part) for key, part in value.items()}
    if kind is list:
        return [part if type(part) in ATOMS else copied(part) for part in value]
    return value if kind in ATOMS else deepcopy(value, memo)


def public(value):
    """The value as clients get it; itself where nothing in it has to be another."""
    kind = type(value)
    if kind is dict:
        changed = {}
        for key, part in value.items():
            if type(part) not in PLAIN:
                shown = public(part)
                if shown is not part:
                    changed[key] = shown
        return {**value, **changed} if changed else value
    if kind is list:
        shown = [part if type(part) in PLAIN else public(part) for part in value]
        same = all(one is other for one, other in zip(shown, value))
        return value if same else shown
    if kind is Int32:
        return value.value
    if kind is Int64:
        return bson.Int64(value.value)
    return value if kind in PLAIN else to_public(value)


def encoded(value):
    """The value as it is stored. The original looks through all that is in a document once more for each document in it."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict and all(type(key) is str for key in value) and DocumentCodec._MARKER not in value:
        return {key: encoded(part) for key, part in value.items()}
    if kind is list:
        return [encoded(part) for part in value]
    if kind in OBJECT_IDS:
        return DocumentCodec._tagged_value("objectid", str(value))
    if kind is Int64:
        return DocumentCodec._tagged_value("int64", value.value)
    if kind is datetime.datetime:
        return DocumentCodec._tagged_value("datetime", normalize_utc_bson_datetime(value).isoformat())
    return encode(value)


def candidates(self, coll, query_plan, **options):
    """What may match. One that is named by its ObjectId is not looked through to see that this is its id."""
    named = self._direct_id_lookup_from_plan(query_plan)
    if type(named) in OBJECT_IDS:
        key = self._storage_key(named)
        stored = coll.get(key)
        if stored is not None and self._borrow_storage_document(stored).get("_id") == named:
            return [(key, stored)]
    return candidate_items(self, coll, query_plan, **options)


def one_of(cls, candidate, item, **options):
    """Whether a value is the one that a list names."""
    if type(candidate) in OBJECT_IDS and type(item) in OBJECT_IDS:
        return candidate.binary == item.binary
    return in_item_matches(candidate, item, **options)


def install():
    """Once all of Mongoeco is loaded."""
    for name, module in list(sys.modules.items()):
        if name.startswith("mongoeco.") and getattr(module, "deepcopy", None) is deepcopy:
            module.deepcopy = copied
    DocumentCodec.encode = staticmethod(encoded)
    DocumentCodec._to_public_copy_on_write = staticmethod(public)
    MemoryEngine._candidate_items_for_plan_locked = candidates
    QueryEngine._in_item_matches_candidate = classmethod(one_of)
