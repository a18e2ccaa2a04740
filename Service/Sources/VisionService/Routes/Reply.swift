import HTTPTypes
import Hummingbird
import NIOCore
import VisionSystem

/// Makes answers.
enum Reply {
  static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
    text(json.text + "\n", type: "application/json", status: status)
  }

  static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, headers: headers(type), body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  static func bytes(_ bytes: [UInt8], type: String) -> Response {
    Response(status: .ok, headers: headers(type), body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func error(_ error: ServiceError) -> Response {
    var response = json(error.json, status: error.kind.status)
    if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
    if let allowed = error.allowed { response.headers[.allow] = allowed }
    if error.kind == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }

  static func headers(_ type: String) -> HTTPFields {
    [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
  }
}
