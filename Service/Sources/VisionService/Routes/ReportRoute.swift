import HTTPTypes
import Hummingbird

/// `GET /report/{name}`: the page that training has written beside a model.
struct ReportRoute: Sendable {
  let hub: ModelHub

  var route: Route {
    Route(method: .get, path: "/report/{name}", operation: OpenAPI.report) { call in
      _ = try QueryParameters(call.request.uri.query, known: [])
      var response = Reply.bytes(
        try await hub.report(of: call.segments["name"] ?? ""), type: "text/html; charset=utf-8")
      response.headers[.contentSecurityPolicy] = Self.policy
      response.headers[.referrerPolicy] = "no-referrer"
      return response
    }
  }

  /// Reports hold their styles and pictures themselves. Whatever else is in the file is not run, and belongs to no origin.
  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'; sandbox"
}
