import Hummingbird
import NIOConcurrencyHelpers
import VisionSystem

/// `GET /v2/health/live` and `/v2/health/ready`, as KServe's protocol has them.
struct HealthRoutes: Sendable {
  /// Whether the service has been asked to stop.
  let isStopping: @Sendable () -> Bool

  var routes: [Route] {
    [
      Route(method: .get, path: "/v2/health/live", isOpen: true, operation: OpenAPI.health("live")) { _ in
        Reply.json(["live": true])
      },
      Route(method: .get, path: "/v2/health/ready", isOpen: true, operation: OpenAPI.health("ready")) { _ in
        isStopping() ? Reply.json(["ready": false], status: .serviceUnavailable) : Reply.json(["ready": true])
      },
    ]
  }
}
