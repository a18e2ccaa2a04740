import HTTPTypes
import Hummingbird
import NIOCore
import VisionServing

/// Reads which images a request asks about, from a body of any of the forms: an image, `multipart/form-data`, JSON with base64,
/// and JSON lines.
struct ImageRequestReader: Sendable {
  let limits: RequestLimits
  let question: ImageQuestion

  /// - Throws: `ServiceError`.
  func read(_ call: Call) async throws -> ImageRequest {
    let request = call.request
    let query = try QueryParameters(request.uri.query, known: question.choices.union(["model", "name"]))
    let choices = try ImageChoices(query)
    let type = HeaderValue(request.headers[.contentType] ?? "application/octet-stream")
    guard Self.isKnown(type.word) else {
      throw ServiceError(
        .unsupported, "a body of type '\(type.word)' is not read",
        remedy:
          "send an image (Content-Type: image/jpeg), multipart/form-data, application/json or application/x-ndjson"
      )
    }
    let body = try await RequestReader(limits: limits).body(of: call)
    let bytes = Array(body.readableBytesView)
    switch type.word {
    case "multipart/form-data": return try parts(bytes, type.parameters["boundary"] ?? "", choices)
    case "application/json": return try json(bytes, choices)
    case "application/x-ndjson": return try lines(bytes, choices)
    default:
      let name = query.text("name") ?? "-"
      return ImageRequest(images: [choices.image(name, bytes)], model: choices.model, isList: false)
    }
  }

  private static func isKnown(_ type: String) -> Bool {
    type.hasPrefix("image/")
      || ["application/octet-stream", "multipart/form-data", "application/json", "application/x-ndjson"]
        .contains(type)
  }

  private func parts(_ bytes: [UInt8], _ boundary: String, _ choices: ImageChoices) throws(ServiceError)
    -> ImageRequest
  {
    var images: [ServedImage] = []
    for part in try Multipart(bytes, boundary: boundary, limit: limits.images).parts {
      guard part.fileName != nil || part.type?.hasPrefix("image/") ?? false || part.name == "image" else {
        throw ServiceError(
          .malformed, "the part '\(part.name)' is no file",
          remedy: "parameters belong into the URL: ?model=NAME")
      }
      images.append(choices.image(part.fileName ?? part.name, Array(part.content)))
    }
    return try list(images, choices)
  }

  private func json(_ bytes: [UInt8], _ choices: ImageChoices) throws(ServiceError) -> ImageRequest {
    let body = try JSONReading.value(ImagesBody.self, bytes)
    var choices = choices
    try choices.take(body, for: question)
    switch (body.image, body.images) {
    case (let encoded?, nil):
      let bytes = try decoded(encoded)
      return ImageRequest(
        images: [choices.image(body.name ?? "-", bytes)], model: choices.model, isList: false)
    case (nil, let several?):
      guard body.name == nil else {
        throw ServiceError(.malformed, "the member 'name' belongs into 'images'")
      }
      guard several.count <= limits.images else { throw tooMany }
      var images: [ServedImage] = []
      for (index, one) in several.enumerated() {
        images.append(choices.image(one.name ?? "\(index)", try decoded(one.image)))
      }
      return try list(images, choices)
    default: throw ServiceError(.malformed, "either the member 'image' or 'images' must be there")
    }
  }

  private func lines(_ bytes: [UInt8], _ choices: ImageChoices) throws(ServiceError) -> ImageRequest {
    var images: [ServedImage] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"))
    where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0d }) {
      guard images.count < limits.images else { throw tooMany }
      let one = try JSONReading.value(ImagesBody.Image.self, line)
      images.append(choices.image(one.name ?? "\(images.count)", try decoded(one.image)))
    }
    return try list(images, choices)
  }

  private func list(_ images: [ServedImage], _ choices: ImageChoices) throws(ServiceError) -> ImageRequest {
    guard !images.isEmpty else { throw ServiceError(.malformed, "there is no image in the body") }
    return ImageRequest(images: images, model: choices.model, isList: true)
  }

  private func decoded(_ text: String) throws(ServiceError) -> [UInt8] {
    guard let bytes = JSONReading.base64(text) else {
      throw ServiceError(.malformed, "an image is no base64")
    }
    return bytes
  }

  private var tooMany: ServiceError {
    ServiceError(
      .tooLarge, "there are more than \(limits.images) images",
      remedy: "the service's --image-limit is the most")
  }
}
