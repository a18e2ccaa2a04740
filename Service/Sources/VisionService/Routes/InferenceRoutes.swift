import HTTPTypes
import Hummingbird
import VisionServing
import VisionSystem

/// The open inference protocol (KServe's version 2) with JSON, and bytes behind it: tensors in, the network's tensors out.
struct InferenceRoutes: Sendable {
  let hub: ModelHub
  let limits: RequestLimits
  let queue: AnswerQueue

  var routes: [Route] {
    [
      Route(method: .get, path: "/v2", operation: OpenAPI.server) { _ in
        Reply.json(["name": "visionnet", "version": "1", "extensions": ["binary_tensor_data"]])
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
    let headers = call.request.headers
    let type = HeaderValue(headers[.contentType] ?? "application/json").word
    let isBinary = headers[.inferenceHeaderLength] != nil
    guard type == "application/json" || isBinary && type == "application/octet-stream" else {
      throw ServiceError(
        .unsupported, "a body of type '\(type)' is not read", remedy: "send tensors as application/json")
    }
    let body = try await RequestReader(limits: limits).body(of: call)
    let parts = try BinaryTensors.parts(of: body, length: headers[.inferenceHeaderLength])
    let asked = try JSONReading.value(InferenceBody.self, parts.json)
    let (inputs, limit) = (try asked.tensors(bytes: parts.bytes), limits.images)
    let tensors: [ServedTensor]
    do {
      tensors = try await queue.run { try model.run(inputs, limit: limit) }
    } catch let error as any VisionError where error.code == "invalidArgument" {
      throw ServiceError(.parameter, error.message)
    }
    return reply(try asked.chosen(of: tensors), of: model, id: asked.id)
  }

  /// JSON with the outputs, and those that are wanted as bytes behind it.
  private func reply(_ outputs: [ChosenOutput], of model: ServedModel, id: String?) -> Response {
    let json = JSON.object(
      [("model_name", .string(model.name)), ("model_version", .string(model.version))]
        + (id.map { [("id", .string($0))] } ?? [])
        + [("outputs", .array(outputs.map { Self.json($0) }))])
    guard outputs.contains(where: \.isBinary) else { return Reply.json(json) }
    let text = Array(json.text.utf8)
    let tensors = outputs.filter(\.isBinary).flatMap { BinaryTensors.bytes(of: $0.tensor.numbers) }
    var response = Reply.bytes(text + tensors, type: "application/octet-stream")
    response.headers[.inferenceHeaderLength] = "\(text.count)"
    return response
  }

  private static func json(_ spec: ServedTensorSpec) -> JSON {
    [
      "name": .string(spec.name), "datatype": .string(spec.isBytes ? "UINT8" : "FP32"),
      "shape": .array(([-1] + spec.shape).map { .integer($0) }),
    ]
  }

  private static func json(_ output: ChosenOutput) -> JSON {
    let tensor = output.tensor
    let data: (String, JSON) =
      output.isBinary
      ? ("parameters", ["binary_data_size": .integer(4 * tensor.numbers.count)])
      : ("data", .array(tensor.numbers.map { .float($0) }))
    return .object([
      ("name", .string(tensor.name)), ("datatype", "FP32"),
      ("shape", .array(tensor.shape.map { .integer($0) })), data,
    ])
  }
}
