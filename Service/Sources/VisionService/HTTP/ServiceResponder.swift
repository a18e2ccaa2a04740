import HTTPTypes
import Hummingbird
import NIOCore
import VisionSystem

/// Answers requests by the routes, after it was seen who asks.
struct ServiceResponder: HTTPResponder {
  let routes: [Route]
  let access: AccessRules
  let metrics: ServiceMetrics
  let memory: BodyMemory

  func respond(to request: Request, context: ServiceContext) async throws -> Response {
    let start = NIODeadline.now()
    var (route, response) = await answer(request, context)
    if let origin = request.headers[.origin], access.allows(origin) {
      response.headers[.accessControlAllowOrigin] = access.origins.contains("*") ? "*" : origin
      response.headers[.vary] = "Origin"
    }
    if request.method == .head { response = response.createHeadResponse() }
    let seconds = Double((.now() - start).nanoseconds) * 1e-9
    metrics.answered(route, status: response.status.code, seconds: seconds)
    return response
  }

  /// The answer, and the path of the route for the metrics.
  private func answer(_ request: Request, _ context: ServiceContext) async -> (String, Response) {
    let segments = request.uri.path.split(separator: "/", omittingEmptySubsequences: false)
    let found = routes.compactMap { route in route.match(segments).map { (route, $0) } }
    let path = found.first?.0.path ?? "none"
    do {
      try access.checkOrigin(of: request)
      guard !found.isEmpty else {
        throw ServiceError(
          .unknownRoute, "there is nothing at this path", remedy: "GET /openapi.json tells what there is")
      }
      if request.method == .options, let preflight = access.preflight(request, found.map(\.0)) {
        return (path, preflight)
      }
      let method = request.method == .head ? .get : request.method
      guard let (route, texts) = found.first(where: { $0.0.method == method }) else {
        let allowed = found.map(\.0.method.rawValue)
        let names = (allowed + (allowed.contains("GET") ? ["HEAD"] : [])).joined(separator: ", ")
        throw ServiceError(.method, "the path takes \(names)", allowed: names)
      }
      if !route.isOpen { try access.checkToken(of: request) }
      return (
        path,
        try await route.answer(
          Call(request: request, segments: texts, channel: context.channel, lease: BodyLease(memory)))
      )
    } catch is CancellationError {
      // The client is gone; nginx counts such requests by the same number.
      return (path, Response(status: HTTPResponse.Status(code: 499)))
    } catch {
      return (path, Reply.error(.wrapping(error)))
    }
  }
}
