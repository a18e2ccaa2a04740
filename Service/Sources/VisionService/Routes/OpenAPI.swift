import HTTPTypes
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
}

extension OpenAPI {
  static var metrics: JSON {
    reading("metrics", "Counters for Prometheus.", ["type": "string"], ["401", "403"], type: "text/plain")
  }

  static var report: JSON {
    reading(
      "report", "The page that training has written beside a model, for people.", ["type": "string"],
      ["400", "401", "403", "404", "500"], parameters: [name], type: "text/html")
  }
}
