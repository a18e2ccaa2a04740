import HTTPTypes
import VisionServing
import VisionSystem

/// The description of the routes for programs (OpenAPI 3.1), put together from what each route says of itself.
enum OpenAPI {
  static func document(_ routes: [Route]) -> JSON {
    var paths: [(String, JSON)] = []
    for route in routes {
      guard let operation = route.operation else { continue }
      let member = (route.method.rawValue.lowercased(), operation)
      if let index = paths.firstIndex(where: { $0.0 == route.path }),
        case .object(let members) = paths[index].1
      {
        paths[index].1 = .object(members + [member])
      } else {
        paths.append((route.path, .object([member])))
      }
    }
    return [
      "openapi": "3.1.0",
      "info": ["title": "VisionNet", "version": "1", "description": "Answers of networks to images."],
      "paths": .object(paths),
      "components": [
        "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]], "schemas": OpenAPISchemas.all,
      ],
      "security": [["token": .array([])], .object([])],
    ]
  }

  static func images(_ task: ServedTask) -> JSON {
    let single = reference(task.verb)
    let isClassifier = task == .classification
    let number: JSON =
      isClassifier
      ? query(
        "top", "Classes in an answer.", ["type": "integer", "minimum": 1, "maximum": 10_000, "default": 5])
      : query(
        "confidence", "The lowest score that counts; by default the model's own.",
        ["type": "number", "minimum": 0.05, "maximum": 1])
    let name = query("name", "The image's name in the answer.", ["type": "string"])
    let model = query("model", "The model to ask; by default the first for the task.", ["type": "string"])
    return [
      "operationId": .string(task.verb), "summary": .string(summary(task)),
      "parameters": .array([model, name, number]),
      "requestBody": [
        "required": true,
        "content": [
          "image/*": ["schema": ["type": "string", "format": "binary"]],
          "application/octet-stream": ["schema": ["type": "string", "format": "binary"]],
          "multipart/form-data": [
            "schema": [
              "type": "object", "required": ["image"],
              "properties": [
                "image": ["type": "array", "minItems": 1, "items": ["type": "string", "format": "binary"]]
              ],
            ]
          ],
          "application/json": ["schema": reference(isClassifier ? "imagesTop" : "imagesConfidence")],
          "application/x-ndjson": ["schema": ["type": "string"]],
        ],
      ],
      "responses": .object(
        [
          (
            "200",
            content(
              [
                ("application/json", ["oneOf": [single, ["type": "array", "items": single]]]),
                ("application/x-ndjson", ["type": "string"]),
              ], "One object for one image, an array for several; JSON lines where Accept asks for them.")
          )
        ]
          + errors(
            ["400", "401", "403", "404", "408", "413", "415", "422", "429", "500", "503"], orList: single)),
    ]
  }

  static var models: JSON {
    reading("models", "The models that are served.", reference("models"), ["400", "401", "403"])
  }

  static var model: JSON {
    reading(
      "model", "A model with its labels.", reference("model"), ["400", "401", "403", "404", "500", "503"],
      parameters: [name])
  }

  static func health(_ kind: String) -> JSON {
    reading(
      kind, "Whether the service is \(kind).",
      OpenAPISchemas.object([(kind, ["type": "boolean"])]),
      kind == "ready" ? ["403", "503"] : ["403"], isOpen: true)
  }

  // MARK: - Parts

  static func reading(
    _ id: String, _ summary: String, _ schema: JSON, _ statuses: [String], parameters: [JSON] = [],
    type: String = "application/json", isOpen: Bool = false
  ) -> JSON {
    .object(
      [
        ("operationId", .string(id)), ("summary", .string(summary)), ("parameters", .array(parameters)),
        ("responses", .object([("200", content([(type, schema)], "The answer."))] + errors(statuses))),
      ] + (isOpen ? [("security", .array([.object([])]))] : []))
  }

  /// The path's segment with a model's name.
  static var name: JSON {
    ["name": "name", "in": "path", "required": true, "schema": ["type": "string", "minLength": 1]]
  }

  static func reference(_ name: String) -> JSON {
    .object([("$ref", .string("#/components/schemas/\(name)"))])
  }

  static func content(_ types: [(String, JSON)], _ description: String) -> JSON {
    [
      "description": .string(description),
      "content": .object(types.map { ($0.0, ["schema": $0.1]) }),
    ]
  }

  /// - Parameter single: the schema of an image's record, which is what a list of nothing but errors is made of.
  static func errors(_ statuses: [String], orList single: JSON? = nil) -> [(String, JSON)] {
    statuses.map { status in
      var schema = reference("error")
      if let single { schema = ["anyOf": [schema, single, ["type": "array", "items": single]]] }
      return (status, content([("application/json", schema)], "The named error."))
    }
  }

  private static func query(_ name: String, _ description: String, _ schema: JSON) -> JSON {
    ["name": .string(name), "in": "query", "description": .string(description), "schema": schema]
  }

  private static func summary(_ task: ServedTask) -> String {
    switch task {
    case .classification: "What images show: labels with probabilities."
    case .detection: "Objects in images, with their boxes."
    case .faces: "Faces in images, with their boxes and five points."
    }
  }
}

extension OpenAPI {
  static var metrics: JSON {
    reading("metrics", "Counters for Prometheus.", ["type": "string"], ["401", "403"], type: "text/plain")
  }
}
