import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Reads the body of a request within its limits.
struct RequestReader: Sendable {
  let limits: RequestLimits

  /// The whole body.
  ///
  /// - Throws: `ServiceError`: `tooLarge`, `unsupported`, `malformed` where the body ends early, `slow`, `queueFull`.
  func body(of call: Call) async throws -> ByteBuffer {
    let request = call.request
    if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw ServiceError(
        .unsupported, "the content encoding '\(encoding)' is not read", remedy: "send the body as it is")
    }
    let declared = request.headers[.contentLength].flatMap { Int($0) }
    if let declared, declared > limits.bodyBytes { throw tooLarge }
    var body = ByteBuffer()
    do {
      for try await part in request.body {
        guard body.readableBytes + part.readableBytes <= limits.bodyBytes else { throw tooLarge }
        try call.lease.take(part.readableBytes)
        var part = part
        if body.readableBytes == 0, part.readableBytes == declared ?? -1 {
          body = part
        } else {
          body.writeBuffer(&part)
        }
      }
    } catch let error as HTTPParserError {
      throw ConnectionHandler.error(error)
    }
    return body
  }

  private var tooLarge: ServiceError {
    ServiceError(
      .tooLarge, "the body has more than \(limits.bodyBytes) bytes",
      remedy: "the service's --body-limit is the most")
  }
}
