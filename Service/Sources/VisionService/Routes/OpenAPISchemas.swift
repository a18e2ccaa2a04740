import VisionSystem

/// The JSON schemas of bodies and answers. The records are those of `docs/schema/records.json` with the model's name and version.
enum OpenAPISchemas {
  static var all: JSON {
    [
      "error": [
        "type": "object", "required": ["schema", "error"],
        "properties": [
          "schema": version, "path": text, "error": fault, "model": text, "version": text,
        ], "additionalProperties": false,
      ],
      "classify": record([
        ("predictions", list(["label": text, "index": natural, "probability": share])),
        ("unknown", ["type": "boolean"]),
        ("threshold", ["type": ["number", "null"]]),
      ]),
      "detect": record([
        (
          "detections",
          list(
            ["label": text, "index": natural, "score": share, "box": box, "points": points],
            optional: ["points"])
        )
      ]),
      "faces": record([("faces", list(["score": share, "box": box, "points": points]))]),
      "embed": record([("embedding", numbers)]),
      "explain": record([
        ("label", text), ("index", natural), ("probability", share), ("columns", natural), ("rows", natural),
        ("evidence", numbers),
      ]),
      "models": [
        "type": "object", "required": ["schema", "models"],
        "properties": [
          "schema": version,
          "models": list([
            "name": text, "task": ["type": ["string", "null"]], "loaded": ["type": "boolean"],
            "version": ["type": ["string", "null"]], "classes": ["type": ["integer", "null"]],
            "report": ["type": "boolean"],
          ]),
        ],
      ],
      "model": object([
        ("schema", version), ("name", text), ("task", text), ("version", text),
        ("labels", ["type": "array", "items": text]), ("bytes", natural),
      ]),
    ]
  }

  static let version: JSON = ["const": 1]
  static let text: JSON = ["type": "string"]
  static let number: JSON = ["type": "number"]
  static let natural: JSON = ["type": "integer", "minimum": 0]
  static let share: JSON = ["type": "number", "minimum": 0, "maximum": 1]
  private static let numbers: JSON = ["type": "array", "items": number]
  private static let fault = object([("code", text), ("message", text)])
  private static let box = object([("x", number), ("y", number), ("width", number), ("height", number)])
  private static let points: JSON = ["type": "array", "items": object([("x", number), ("y", number)])]

  static func object(_ members: [(String, JSON)], optional: Set<String> = []) -> JSON {
    [
      "type": "object",
      "required": .array(members.map(\.0).filter { !optional.contains($0) }.map { .string($0) }),
      "properties": .object(members), "additionalProperties": false,
    ]
  }

  static func list(_ members: KeyValuePairs<String, JSON>, optional: Set<String> = []) -> JSON {
    ["type": "array", "items": object(members.map { ($0.key, $0.value) }, optional: optional)]
  }

  /// The record of an image, or of why there is none.
  private static func record(_ members: [(String, JSON)]) -> JSON {
    let size: [(String, JSON)] = [("width", natural), ("height", natural)]
    let answer = object(
      [("schema", version), ("path", text)] + size + members
        + [("milliseconds", number), ("model", text), ("version", text)])
    return ["oneOf": [answer, OpenAPI.reference("error")]]
  }

  /// The JSON of a request for images.
  static func images(_ question: ImageQuestion) -> JSON {
    let image: JSON = [
      "type": "string", "contentEncoding": "base64", "pattern": "^(data:[^,]*;base64,)?[A-Za-z0-9+/]*={0,2}$",
    ]
    let common: [(String, JSON)] =
      [("model", ["type": ["string", "null"]])]
      + question.choices.sorted().map { ($0, OpenAPI.choice($0)) }
    let optional = question.choices.union(["name", "model"])
    let several: JSON = [
      "type": "array", "minItems": 1, "maxItems": 64,
      "items": object([("image", image), ("name", text)], optional: ["name"]),
    ]
    return [
      "oneOf": [
        object([("image", image), ("name", text)] + common, optional: optional),
        object([("images", several)] + common, optional: optional),
      ]
    ]
  }
}
