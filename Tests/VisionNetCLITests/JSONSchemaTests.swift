import Testing

/// The validator of the tests themselves.
@Suite struct JSONSchemaTests {
  private static let schema = """
    {"$defs": {
       "pair": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "minItems": 2, "maxItems": 2},
       "thing": {"type": "object", "properties": {
          "kind": {"const": "thing"}, "color": {"enum": ["red", "blue"]}, "pair": {"$ref": "#/$defs/pair"},
          "part": {"type": ["number", "null"], "description": "of one", "minimum": 0},
          "choice": {"oneOf": [{"type": "number"}, {"type": "integer"}, {"type": "string"}]}},
        "required": ["kind"], "additionalProperties": false},
       "map": {"type": "object", "additionalProperties": {"type": "boolean"}},
       "any": {"anyOf": [{"$ref": "#/$defs/thing"}, {"type": "string"}]},
       "strange": {"pattern": "x"}, "lost": {"$ref": "#/$defs/nothing"}}}
    """

  @Test(arguments: [
    ("thing", #"{"kind": "thing"}"#), ("thing", #"{"kind": "thing", "color": "red", "part": null}"#),
    ("thing", #"{"kind": "thing", "pair": [0, 9], "part": 0.5}"#),
    ("thing", #"{"kind": "thing", "choice": 1.5}"#),
    ("map", #"{"a": true, "b": false}"#), ("map", "{}"), ("any", #""text""#), ("any", #"{"kind": "thing"}"#),
    ("pair", "[1.0, 2]"),
  ]) func takesWhatFits(_ definition: String, _ text: String) throws {
    #expect(try JSONSchema(Self.schema).faults(of: JSONValue(text), as: definition) == [])
  }

  @Test(arguments: [
    ("thing", "{}"), ("thing", #"{"kind": "other"}"#), ("thing", #"{"kind": "thing", "more": 1}"#),
    ("thing", #"{"kind": "thing", "color": "green"}"#), ("thing", #"{"kind": "thing", "part": "0.5"}"#),
    ("thing", #"{"kind": "thing", "part": -1}"#), ("thing", #"{"kind": "thing", "pair": [1]}"#),
    ("thing", #"{"kind": "thing", "pair": [1, 2, 3]}"#), ("thing", #"{"kind": "thing", "pair": [1, 10]}"#),
    ("thing", #"{"kind": "thing", "pair": [1, 1.5]}"#), ("thing", #"{"kind": "thing", "pair": [1, true]}"#),
    ("thing", #"{"kind": "thing", "choice": true}"#), ("thing", #"{"kind": "thing", "choice": 2}"#),
    ("thing", "[]"), ("map", #"{"a": 1}"#), ("any", "3"), ("strange", #""x""#), ("lost", "1"),
    ("missing", "1"),
  ]) func refusesWhatDoesNot(_ definition: String, _ text: String) throws {
    #expect(try JSONSchema(Self.schema).faults(of: JSONValue(text), as: definition) != [])
  }
}
