import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Reads the body of a request within its limits.
struct RequestReader: Sendable {
  let limits: RequestLimits

  /// The whole body.
  ///
  /// - Throws: `ServiceError`: `tooLarge`, `malformed` where the body ends early, `slow`.
  func body(of request: Request) async throws -> ByteBuffer {
    let declared = request.headers[.contentLength].flatMap { Int($0) }
    if let declared, declared > limits.bodyBytes { throw tooLarge }
    var body = ByteBuffer()
    do {
      for try await part in request.body {
        guard body.readableBytes + part.readableBytes <= limits.bodyBytes else { throw tooLarge }
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
