import type { Node } from "ts-morph";
import { lose } from "./loss.ts";
import type { PlaceOf } from "./method-call.ts";
import {
  isWhole,
  join,
  type LibraryPart,
  only,
  other,
  type PartPlace,
  type Place,
  perhaps,
  type Value,
  within,
} from "./place.ts";
import { elementShape, fieldShape, isOpaque, isPrimitive, isRecord } from "./shape.ts";
import type { Walk } from "./walk.ts";

/** What every object has without declaring it; reading it may reach the whole object. */
const inherited: ReadonlySet<string> = new Set([
  "__proto__",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "toString",
  "valueOf",
]);

/** Fields of an event that say nothing about its value. */
const placeOfEvent: ReadonlySet<string> = new Set([
  "topic",
  "timestamp",
  "headers",
  "partition",
  "offset",
  // Of changes, and of rows that are joined.
  "left",
  "right",
  "window",
  "element",
  "isThere",
]);

/** Fields of arrays and bytes that hold a number. */
const counts: ReadonlySet<string> = new Set(["length", "byteLength", "byteOffset"]);

/** Deeper parts than this count as being somewhere within, so that walks over trees end. */
const depthMax = 4;

/** What `value.name` may be. `undefined` stands for a name that is chosen at run time. */
export function member(walk: Walk, value: Value, name: string | undefined, node: Node): Value {
  const found = value.places.map((place) => memberOf(walk, place, name, node));
  return value.other ? perhaps(join(...found)) : join(...found);
}

function memberOf(walk: Walk, place: Place, name: string | undefined, node: Node): Value {
  switch (place.kind) {
    case "part":
      return name === undefined ? chosen(walk, place, node) : field(walk, place, name, node);
    case "event":
      return ofEvent(walk, name, node);
    case "tuple":
      return (
        (name === "0" ? place.items[0] : name === "1" ? place.items[1] : undefined) ??
        lose(walk, only(place), node)
      );
    case "holder":
      return perhaps(join(...place.parts.map((part) => only(within(part)))));
    case "table":
      return ofTable(walk, place.table, name, node);
    case "library":
      return libraryMember(place.is, name);
    case "list":
      return ofList(walk, place, name, node);
    case "flow":
      return lose(walk, only(place), node);
    default:
      return other;
  }
}

/** An element by its index, worked out or not, or the number of elements. */
function ofList(walk: Walk, list: PlaceOf<"list">, name: string | undefined, node: Node): Value {
  if (name === "length") return other;
  if (name === undefined || /^\d+$/.test(name)) return perhaps(list.of);
  return lose(walk, only(list), node);
}

function ofEvent(walk: Walk, name: string | undefined, node: Node): Value {
  if (name === "value") return only(walk.value);
  if (name === "key") return only(walk.key);
  return placeOfEvent.has(name ?? "") ? other : lose(walk, only({ kind: "event" }), node);
}

function ofTable(walk: Walk, table: string, name: string | undefined, node: Node): Value {
  if (name !== "size") return lose(walk, only({ kind: "table", table }), node);
  walk.findings.access({ table, method: name, key: "scan", node });
  return other;
}

function libraryMember(is: LibraryPart, name: string | undefined): Value {
  return is === "context" && (name === "log" || name === "metrics")
    ? only({ kind: "library", is: name })
    : other;
}

/** A field by its name. Reading one at the top is what the whole analysis is about. */
function field(walk: Walk, part: PartPlace, name: string, node: Node): Value {
  const shape = fieldShape(part.shape, name, node);
  if (isWhole(part)) {
    // `within` is set where it may be any part, so that the name says nothing about the value.
    if (part.within || shape === "absent" || inherited.has(name)) {
      return lose(walk, only(part), node, `"${name}" is not one of its fields`);
    }
    walk.findings.read(name);
  }
  if (part.within) return perhaps(only(part));
  if (shape === "absent") return builtInField(part, name);
  if (part.path.length >= depthMax) return perhaps(only(within(part)));
  return only({ ...part, path: [...part.path, name], shape });
}

/** What an array, a map or the like has without a user's declaration. */
function builtInField(part: PartPlace, name: string): Value {
  if (counts.has(name)) return other;
  // Bytes give their memory away, by which they can be changed.
  return isOpaque(part.shape) ? perhaps(only(within(part))) : contents(part);
}

/** A field or element whose name is worked out at run time. */
function chosen(walk: Walk, part: PartPlace, node: Node): Value {
  return isWhole(part)
    ? lose(walk, only(part), node, "a field is chosen when it runs")
    : contents(part);
}

/** Whatever a part holds: the elements of an array, the values of a map, the fields of a record. */
export function contents(part: PartPlace): Value {
  if (isPrimitive(part.shape)) return other;
  if (part.within || part.shape === undefined || part.shape.some(isRecord)) {
    return perhaps(only(within(part)));
  }
  const shape = elementShape(part.shape);
  if (isPrimitive(shape)) return other;
  if (shape === undefined || part.path.length >= depthMax) return perhaps(only(within(part)));
  return perhaps(only({ ...part, path: [...part.path, "[]"], shape }));
}

/** What asking for the elements of a value one by one may give. */
export function elements(walk: Walk, value: Value, node: Node): Value {
  const found = value.places.map((place): Value => {
    switch (place.kind) {
      case "flow":
      case "list":
        return place.of;
      case "tuple":
        return perhaps(join(...place.items));
      case "part":
        return isWhole(place) ? lose(walk, only(place), node) : contents(place);
      case "holder":
        return perhaps(join(...place.parts.map((part) => only(within(part)))));
      default:
        return lose(walk, only(place), node);
    }
  });
  return value.other ? perhaps(join(...found)) : join(...found);
}
