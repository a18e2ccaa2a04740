import HTTPTypes
import Hummingbird
import VisionServing
import VisionSystem

/// The open inference protocol (KServe's version 2) with JSON: tensors in, the network's tensors out.
struct InferenceRoutes: Sendable {
  let hub: ModelHub
  let limits: RequestLimits
  let queue: AnswerQueue

  var routes: [Route] {
    [
      Route(method: .get, path: "/v2", operation: OpenAPI.server) { _ in
        Reply.json(["name": "visionnet", "version": "1", "extensions": .array([])])
      },
      Route(method: .get, path: "/v2/models/{name}", operation: OpenAPI.metadata) { call in
        let model = try await model(of: call)
        let (inputs, outputs) = try await queue.run { try model.tensors() }
        return Reply.json([
          "name": .string(model.name), "versions": [.string(model.version)], "platform": "visionnet",
          "inputs": .array(inputs.map { Self.json($0) }), "outputs": .array(outputs.map { Self.json($0) }),
        ])
      },
      Route(method: .get, path: "/v2/models/{name}/ready", operation: OpenAPI.modelReady) { call in
        let model = try await model(of: call)
        return Reply.json(["name": .string(model.name), "ready": true])
      },
      Route(method: .post, path: "/v2/models/{name}/infer", operation: OpenAPI.infer) { try await infer($0) },
    ]
  }

  private func model(of call: Call) async throws -> ServedModel {
    _ = try QueryParameters(call.request.uri.query, known: [])
    return try await hub.model(named: call.segments["name"] ?? "")
  }

  private func infer(_ call: Call) async throws -> Response {
    let model = try await model(of: call)
    let type = HeaderValue(call.request.headers[.contentType] ?? "application/json").word
    guard type == "application/json" else {
      throw ServiceError(
        .unsupported, "a body of type '\(type)' is not read", remedy: "send tensors as application/json")
    }
    let body = try await RequestReader(limits: limits).body(of: call)
    let asked = try JSONReading.value(InferenceBody.self, body.readableBytesView)
    let (inputs, limit) = (try asked.tensors(), limits.images)
    let tensors: [ServedTensor]
    do {
      tensors = try await queue.run { try model.run(inputs, limit: limit) }
    } catch let error as any VisionError where error.code == "invalidArgument" {
      throw ServiceError(.parameter, error.message)
    }
    let chosen = try asked.chosen(of: tensors)
    return Reply.json(
      .object(
        [("model_name", .string(model.name)), ("model_version", .string(model.version))]
          + (asked.id.map { [("id", .string($0))] } ?? [])
          + [("outputs", .array(chosen.map { Self.json($0) }))]))
  }

  private static func json(_ spec: ServedTensorSpec) -> JSON {
    [
      "name": .string(spec.name), "datatype": .string(spec.isBytes ? "UINT8" : "FP32"),
      "shape": .array(([-1] + spec.shape).map { .integer($0) }),
    ]
  }

  private static func json(_ tensor: ServedTensor) -> JSON {
    [
      "name": .string(tensor.name), "datatype": "FP32", "shape": .array(tensor.shape.map { .integer($0) }),
      "data": .array(tensor.numbers.map { .float($0) }),
    ]
  }
}
