import Hummingbird
import VisionServing
import VisionSystem

/// `GET /v1/models` and `/v1/models/{name}`.
struct ModelRoutes: Sendable {
  let hub: ModelHub

  var routes: [Route] {
    [
      Route(method: .get, path: "/v1/models", operation: OpenAPI.models) { call in
        _ = try QueryParameters(call.request.uri.query, known: [])
        return Reply.json(["schema": 1, "models": .array(hub.listings.map { Self.json($0) })])
      },
      Route(method: .get, path: "/v1/models/{name}", operation: OpenAPI.model) { call in
        _ = try QueryParameters(call.request.uri.query, known: [])
        let model = try await hub.model(named: call.segments["name"] ?? "")
        return Reply.json([
          "schema": 1, "name": .string(model.name), "task": .string(model.task.rawValue),
          "version": .string(model.version), "labels": .array(model.labels.map { .string($0) }),
          "bytes": .integer(model.byteCount),
        ])
      },
    ]
  }

  /// The version and the number of classes are null until the model is read.
  private static func json(_ model: ModelHub.Listing) -> JSON {
    [
      "name": .string(model.name), "task": model.task.map { .string($0.rawValue) } ?? .null,
      "loaded": .bool(model.loaded != nil), "version": model.loaded.map { .string($0.version) } ?? .null,
      "classes": model.loaded.map { .integer($0.labels.count) } ?? .null,
      "report": .bool(model.hasReport),
    ]
  }
}
